import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { env, execPath, versions } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';

test('examples/tree-exporter prints a trace as a tree', () => {
  const flags = versions.deno === undefined ? [] : ['run', '-A'];
  const { status, stderr } = spawnSync(execPath, [...flags, 'app.ts'], {
    cwd: join(root, 'examples/tree-exporter'),
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  expect(stderr).toMatch(/^[\d:.]{12} place order .*\n.{12} └─ charge card /);
  expect(status).toBe(0);
});

test('the README of the exporters links examples/tree-exporter', () => {
  expect(readRepositoryFile('exporters/README.md')).toContain('(../examples/tree-exporter)');
});
