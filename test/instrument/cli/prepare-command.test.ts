import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prepareCommand } from '../../../packages/opentelemetry-instrument/src/cli/prepare-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'instrument-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Creates a program in the folder. */
function create(name: string, text = 'binary'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
for (const name of ['node', 'bun', 'deno', 'npm', 'npx', 'python']) create(name);

const REGISTER = 'file:///opt/instrument/register.js';
const prepare = (command: readonly string[], env: NodeJS.ProcessEnv = {}, register = REGISTER) =>
  prepareCommand(command, { PATH: folder, ...env }, register);

test('prepareCommand() preloads into Node by NODE_OPTIONS, after options that are already set', () => {
  const { file, args, env } = prepare(['node', 'a b.js'], {
    NODE_OPTIONS: '--max-old-space-size=100',
  });
  expect(file).toBe(join(folder, 'node'));
  expect(args).toEqual(['a b.js']);
  expect(env.NODE_OPTIONS).toBe(`--max-old-space-size=100 --import=${REGISTER}`);
  expect(prepare(['node'], env).env.NODE_OPTIONS).toBe(env.NODE_OPTIONS);
});

test.each(['node', 'bun', 'npm', 'npx'])(
  'prepareCommand() sets the options of Node and Bun for %s',
  (name) => {
    const { env } = prepare([name, 'start']);
    expect(env.NODE_OPTIONS).toBe(`--import=${REGISTER}`);
    expect(env.BUN_OPTIONS).toBe('--preload=/opt/instrument/register.js');
  },
);

test('prepareCommand() quotes a path with a space for Bun', () => {
  const { env } = prepare(['bun', 'a.ts'], {}, 'file:///opt/my%20app/register.js');
  expect(env.BUN_OPTIONS).toBe('"--preload=/opt/my app/register.js"');
  const { BUN_OPTIONS } = prepare(['bun', 'a.ts'], {}, 'file:///opt/my%20%22app/register.js').env;
  expect(BUN_OPTIONS).toBe('"--preload=/opt/my \\"app/register.js"');
});

test('prepareCommand() preloads into a Node that is a script of a version manager', () => {
  const { PATH } = prepare(['node']).env;
  const shims = join(folder, 'shims');
  mkdirSync(shims);
  const node = create('shims/node', '#!/bin/sh\n');
  const { file, preload } = prepare(['node', 'a.js'], { PATH: `${shims}:${PATH}` });
  expect(file).toBe(node);
  expect(preload).toBe('NODE_OPTIONS and BUN_OPTIONS');
});

test.each([
  [
    ['deno', 'run', '-A', 'a.ts'],
    ['run', `--preload=${REGISTER}`, '-A', 'a.ts'],
  ],
  [
    ['deno', 'serve', 'a.ts'],
    ['serve', `--preload=${REGISTER}`, 'a.ts'],
  ],
  [
    ['deno', '-A', 'a.ts'],
    [`--preload=${REGISTER}`, '-A', 'a.ts'],
  ],
  [
    ['deno', './a', 'run'],
    [`--preload=${REGISTER}`, './a', 'run'],
  ],
])('prepareCommand() inserts a flag into %j', (command, args) => {
  expect(prepare(command)).toMatchObject({ args, preload: '--preload' });
});

test.each([['deno', 'fmt'], ['deno'], ['python', 'app.py']])(
  'prepareCommand() cannot preload into %s %s',
  (...command) => {
    expect(prepare(command)).toMatchObject({ args: command.slice(1), preload: undefined });
  },
);

test('prepareCommand() reaches the Node and Bun of a task of Deno, and says what to do for its Deno', () => {
  const { args, env, preload, advice } = prepare(['deno', 'task', 'start']);
  expect(args).toEqual(['task', 'start']);
  expect(preload).toBe('NODE_OPTIONS and BUN_OPTIONS');
  expect(env.NODE_OPTIONS).toBe(`--import=${REGISTER}`);
  expect(advice).toContain('write deno run --preload=npm:opentelemetry-instrument/register');
});

test('prepareCommand() follows the first line of a script', () => {
  const node = create('tool', '#!/usr/bin/env node\n');
  expect(prepare(['tool', 'x'])).toMatchObject({
    file: node,
    args: ['x'],
    preload: 'NODE_OPTIONS and BUN_OPTIONS',
  });
  const bun = create('bun-tool', '#!/usr/local/bin/bun\n');
  expect(prepare([bun])).toMatchObject({ file: bun, preload: 'NODE_OPTIONS and BUN_OPTIONS' });
  const deno = create('deno-tool', '#!/usr/bin/env -S deno run -A\n');
  expect(prepare(['deno-tool', 'x'])).toMatchObject({
    file: join(folder, 'deno'),
    args: ['run', `--preload=${REGISTER}`, '-A', deno, 'x'],
  });
  create('shell-tool', '#!/bin/sh\n');
  const { preload, env } = prepare(['shell-tool']);
  expect(preload).toBeUndefined();
  // It may start Node.
  expect(env.NODE_OPTIONS).toBe(`--import=${REGISTER}`);
});

test('prepareCommand() finds no program that does not exist or is not executable', () => {
  writeFileSync(join(folder, 'text'), 'text');
  for (const name of ['nothing', 'text', folder, '']) {
    expect(prepare([name]).file).toBeUndefined();
  }
});
