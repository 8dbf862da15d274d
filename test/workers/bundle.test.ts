import { spawnSync } from 'node:child_process';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { installedPath } from '../support/installed-path.ts';

test('npm run deploy:workers -- --dry-run bundles the app, with only AsyncLocalStorage of Node', () => {
  const args = ['run', '--silent', 'report:workers', '--', '--size'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: installedPath },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('modules of Node: node:async_hooks\n');
  const [, size] = /gzip: ([\d.]+) kB/.exec(stdout) ?? [];
  expect(Number(size)).toBeLessThan(250);
});
