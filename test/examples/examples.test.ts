import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { installedPath } from '../support/readme.ts';
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

test('examples/drizzle traces the statements of a request', async () => {
  await using app = await runExample(join(root, 'examples/drizzle'));
  const response = await fetch(`${app.url}/tasks`);
  expect(await response.json()).toEqual([{ id: 1, title: 'milk' }]);
  await waitUntil(() => /GET \/tasks 200.*\n.*select tasks/.test(app.stderr()), 10_000, app.stderr);
});

test('examples have no type errors', () => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/examples-'));
  const include = ['minimal', 'drizzle'].map((name) => `../../examples/${name}`);
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

test.each(['minimal', 'with-existing-sdk', 'drizzle'])('a README links examples/%s', (name) => {
  expect(readRepositoryFile('packages/hono-opentelemetry/README.md')).toContain(
    `(../../examples/${name})`,
  );
});
