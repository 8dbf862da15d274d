import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { appCommand, currentRuntime } from './app-command.ts';
import { runApp, spawnApp } from './spawned-app.ts';

// A program that keeps the contract and nothing else: listens, says so, ends on SIGTERM.
const program = `
import { createServer } from 'node:http';
if (process.argv.includes('--nonsense')) {
  console.error('Unknown flag --nonsense');
  process.exit(2);
}
const seen = JSON.stringify({ env: process.env, argv: process.argv.slice(2), bun: process.versions.bun, deno: process.versions.deno });
const server = createServer((_, response) => response.end(seen));
server.listen(0, '127.0.0.1', () => {
  console.log('ready');
  console.error('Listening on http://127.0.0.1:' + server.address().port);
});
process.once('SIGTERM', () => { console.error('bye'); process.exit(0); });
`;
const folder = mkdtempSync(join(tmpdir(), 'spawned-app-'));
const entry = join(folder, 'program.mjs');
writeFileSync(entry, program);
afterAll(() => rmSync(folder, { recursive: true }));

test('spawnApp() waits until the program listens, and stop() returns how it ended', async () => {
  const app = await spawnApp({ entry });
  expect((await fetch(app.url)).status).toBe(200);
  expect(await app.stop()).toMatchObject({ code: 0, signal: null, stdout: 'ready\n' });
  expect(app.stderr).toMatch(/^Listening on .*\nbye\n$/);
});

test('spawnApp() uses the runtime of the tests, a free port and a clean environment', async () => {
  process.env.OTEL_SERVICE_NAME = 'leaked';
  process.env.PORT = '1';
  await using app = await spawnApp({ entry, env: { OTEL_TRACES_EXPORTER: 'none' } });
  const seen = await (await fetch(app.url)).json();
  expect(seen.argv).toEqual(['--port', '0']);
  expect(seen.env).toMatchObject({ OTEL_TRACES_EXPORTER: 'none', DATABASE_URL: ':memory:' });
  expect(seen.env).not.toHaveProperty('OTEL_SERVICE_NAME');
  expect(seen.env).not.toHaveProperty('PORT');
  expect(seen.bun !== undefined).toBe(currentRuntime === 'bun');
  expect(seen.deno !== undefined).toBe(currentRuntime === 'deno');
});

test('spawnApp() shows the output of a program that ends instead of listening', async () => {
  await expect(spawnApp({ entry, args: ['--nonsense'] })).rejects.toThrow('Unknown flag');
});

test('runApp() returns exit code and output', async () => {
  expect(await runApp({ entry, args: ['--nonsense', '-p', '1'] })).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: 'Unknown flag --nonsense\n',
  });
});

test('runApp() kills a program that does not end', async () => {
  await expect(runApp({ entry, timeoutMillis: 1_000 })).rejects.toThrow('Not within 1000 ms');
});

test('an app in `await using` is killed at the end of its block, though it never stops', async () => {
  let exited: Promise<unknown>;
  {
    await using app = await spawnApp({ entry });
    exited = app.exited;
  }
  expect(await exited).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('appCommand() runs the bundle on another runtime than that of the tests', () => {
  const { binary, args } = appCommand({ runtime: 'node', entry: 'bundle', args: ['-p', '80'] });
  expect(binary).toMatch(/node$/);
  expect(args).toEqual(['dist/node.js', '-p', '80']);
});

test.each(['node', 'bun', 'deno'] as const)(
  'spawnApp() runs the program on %s',
  async (runtime) => {
    await using app = await spawnApp({ entry, runtime });
    const seen = await (await fetch(app.url)).json();
    expect([seen.bun !== undefined, seen.deno !== undefined]).toEqual([
      runtime === 'bun',
      runtime === 'deno',
    ]);
  },
);

test('spawnApp() runs the program from its sources by default', async () => {
  await using app = await spawnApp();
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
});
