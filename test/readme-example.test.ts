import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath, versions } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './support/app-command.ts';
import { installedPath, readmeBlocks } from './support/readme.ts';
import { waitUntil } from './support/wait-until.ts';

/** "In your own app": the example in a separate folder. */
let folder: string;

beforeAll(() => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Inside the repository, where the packages are found.
  folder = mkdtempSync(join(root, 'dist/readme-example-'));
  const [example = ''] = readmeBlocks('ts');
  // Any free port, told on stderr: stdout belongs to the spans.
  const served = example.replace(
    'port: 3000 })',
    "port: 0 }, ({ port }) => console.error('port', port))",
  );
  expect(served).not.toBe(example);
  writeFileSync(join(folder, 'app.ts'), served);
  const config = { extends: '../../tsconfig.json', include: ['.'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the README's example has no type errors", () => {
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: installedPath },
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test("the README's example serves a traced request", async () => {
  const run = versions.deno === undefined ? ['app.ts'] : ['run', '-A', 'app.ts'];
  const child = spawn(execPath, run, { cwd: folder });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  try {
    await waitUntil(
      () => /port \d+/.test(output),
      20_000,
      () => output,
    );
    const port = /port (\d+)/.exec(output)?.[1];
    const response = await fetch(`http://127.0.0.1:${port}/squares/7`);
    expect(await response.json()).toEqual([49]);
    const hasName = (name: string) =>
      output.includes(`name: '${name}'`) || output.includes(`name: "${name}"`);
    await waitUntil(
      () => hasName('GET /squares/:n') && hasName('SELECT'),
      10_000,
      () => output,
    );
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
});
