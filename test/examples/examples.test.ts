import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { installedPath } from '../support/installed-path.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { runExample } from '../support/run-example.ts';
import { waitUntil } from '../support/wait-until.ts';

test('examples/minimal serves a traced request and ends at SIGTERM', async () => {
  await using app = await runExample(join(root, 'examples/minimal'));
  const response = await fetch(`${app.url}/hello/world`);
  expect(await response.text()).toBe('Hello world\n');
  await waitUntil(() => app.stderr().includes('GET /hello/:name 200'), 10_000, app.stderr);
  expect(await app.stop()).toBe(0);
});

test('examples/fetch makes one trace of two services', async () => {
  await using app = await runExample(join(root, 'examples/fetch'));
  const response = await fetch(`${app.url}/items/milk`);
  expect(await response.json()).toEqual({ count: 4 });
  const tree =
    /GET \/stock\/:item 200.*trace (\w+)\n\S+ GET \/items\/:item 200.*trace \1\n.*GET \/stock\/:item 200/;
  await waitUntil(() => tree.test(app.stderr()), 10_000, app.stderr);
});

test('examples/router shows middleware and handlers', async () => {
  await using app = await runExample(join(root, 'examples/router'));
  await (await fetch(`${app.url}/hello/world`)).text();
  const tree = /GET \/hello\/:name 200.*\n.* slowDown .*\n.* sayHello/;
  await waitUntil(() => tree.test(app.stderr()), 10_000, app.stderr);
});

test('examples/testing passes with the test runner of the runtime', () => {
  const cwd = join(root, 'examples/testing');
  const { scripts } = JSON.parse(readRepositoryFile('examples/testing/package.json'));
  const script = { node: 'test', bun: 'test:bun', deno: 'test:deno' }[currentRuntime];
  const [, ...args] = scripts[script].split(' ');
  const { status, stdout, stderr } = spawnSync(execPath, args, { cwd, encoding: 'utf8' });
  expect({ status, output: stdout + stderr }).toMatchObject({
    status: 0,
    output: expect.stringMatching(/pass(?:ed)? ?1|1 pass/),
  });
});

test('examples/drizzle traces the statements of a request', async () => {
  await using app = await runExample(join(root, 'examples/drizzle'));
  const response = await fetch(`${app.url}/tasks`);
  expect(await response.json()).toEqual([{ id: 1, title: 'milk' }]);
  await waitUntil(() => /GET \/tasks 200.*\n.*select tasks/.test(app.stderr()), 10_000, app.stderr);
});

test('examples have no type errors', () => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/examples-'));
  // The first has dependencies of its own; the second imports `bun:sqlite`, whose types are not installed.
  const unchecked = ['with-existing-sdk', 'drizzle-bun-sqlite'];
  const names = readdirSync(join(root, 'examples')).filter((name) => !unchecked.includes(name));
  const include = names.map((name) => `../../examples/${name}`);
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.json', include, exclude: [] }));
  const { stdout } = spawnSync('npx', ['tsc', '-p', config], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: installedPath },
  });
  rmSync(folder, { recursive: true });
  expect(stdout).toBe('');
});

test.each(['minimal', 'with-existing-sdk', 'fetch', 'router', 'testing', 'drizzle'])(
  'a README links examples/%s',
  (name) => {
    expect(readRepositoryFile('packages/hono-opentelemetry/README.md')).toContain(
      `(../../examples/${name})`,
    );
  },
);
