import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { execPath, versions } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../../support/app-command.ts';

test('docs/settings.md equals the output of `npm run docs`', () => {
  const run = versions.deno === undefined ? [] : ['run', '-A'];
  const written = execFileSync(execPath, [...run, 'docs/write-settings.ts'], { cwd: root });
  expect(readFileSync(`${root}docs/settings.md`, 'utf8')).toBe(String(written));
});
