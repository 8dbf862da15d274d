import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

/** Runs the script on a copy of `deploy/`, with a `docker` that is a shell command. */
function pinImages(docker: string) {
  const deploy = join(temporary.path, 'deploy');
  const bin = join(temporary.path, 'bin');
  cpSync(join(root, 'deploy'), deploy, { recursive: true });
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${docker}\n`);
  chmodSync(join(bin, 'docker'), 0o755);
  const run = () =>
    spawnSync(join(deploy, 'pin-images.sh'), {
      encoding: 'utf8',
      env: { ...env, PATH: `${bin}:${env.PATH}` },
    });
  const read = () => {
    const texts = ['Dockerfile', 'compose.yaml'].map((file) =>
      readFileSync(join(deploy, file), 'utf8'),
    );
    return texts.join('\n');
  };
  return { run, read };
}

if (currentRuntime === 'node') describe('deploy/pin-images.sh', testScript);
else test('deploy/pin-images.sh', ({ skip }) => skip('no runtime of ours takes part: run on Node'));

function testScript(): void {
  test('adds a digest to every image, once', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const { run, read } = pinImages(`echo ${digest}`);
    const before = read();
    const { status, stderr } = run();
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const after = read();
    expect(after.replaceAll(`@${digest}`, '')).toBe(before);
    const named =
      after.match(/^(FROM| +image:) .*$/gm)?.filter((line) => !line.includes(': *')) ?? [];
    expect(named).toHaveLength(9);
    expect(named.filter((line) => !line.includes(`@${digest}`))).toEqual([]);
    expect(run().stdout).toBe('');
    expect(read()).toBe(after);
  });

  test('changes nothing without a digest', () => {
    const { run, read } = pinImages('echo unauthorized');
    const before = read();
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('no digest for') });
    expect(read()).toBe(before);
  });
}
