import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';

test('deploy/prometheus.yaml is accepted by promtool', ({ skip }) => {
  if (currentRuntime !== 'node') skip('no runtime of ours takes part: run on Node');
  const { status, stdout, stderr, error } = spawnSync(
    'promtool',
    ['check', 'config', join(root, 'deploy/prometheus.yaml')],
    { encoding: 'utf8' },
  );
  if (error !== undefined) skip('promtool is not installed');
  expect(stdout + stderr).toContain('SUCCESS');
  expect(status).toBe(0);
});
