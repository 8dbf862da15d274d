import { spawnSync } from 'node:child_process';
import { execPath } from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';

function run(command: string) {
  const [script = '', ...args] = command.split(' ');
  return spawnSync(execPath, [script, ...args], { cwd: root, encoding: 'utf8', timeout: 30_000 });
}

test.each([
  ['bench/bench.ts --runtime nodee', '--runtime: "nodee" is not known; use node, bun, deno.'],
  ['bench/bench.ts --rounds many', '--rounds: "many" is not a whole number of at least 1.'],
  ['bench/bench.ts --variant (', '--variant: "(" is not a regular expression.'],
  [
    'bench/bench.ts --runtime bun --variant Deno',
    '--variant: "Deno" is not in the name of a variant on bun.',
  ],
  [
    'bench/bench.ts --variant nothing',
    '--variant: "nothing" is not in the name of a variant on node, bun, deno.',
  ],
  ['bench/bench.ts --quick --save', '--save is for a whole run: leave --quick and --variant out.'],
  ['bench/check.ts --rounds 0', '--rounds: "0" is not a whole number of at least 1.'],
  [
    'bench/differences.ts --variant nothing',
    '--variant: "nothing" is not in the name of a variant.',
  ],
  ['bench/scale.ts --rate 1e3', '--rate: "1e3" is not a whole number of at least 1.'],
  ['bench/startup.ts many', 'starts: "many" is not a whole number of at least 1.'],
  ['bench/memory.ts 10 20', 'Unexpected argument "20"; use one number of requests.'],
  ['bench/soak.ts 60 nodee', 'runtime: "nodee" is not known; use node, bun, deno.'],
  ['build.ts a.ts b.js c', 'Unexpected argument "c"; use an entry and a file.'],
  ['build-browser.ts a.ts b.ts c', 'Unexpected argument "c"; use two files.'],
  ['release/bundle-entry.ts', 'Use a source and a module.'],
  [
    'test/stack/index.ts --patience long',
    '--patience: "long" is not a whole number of at least 1.',
  ],
  ['test/stack/index.ts --jaeger jaeger', '--jaeger: "jaeger" is not a URL.'],
])('%s ends with one message and exit code 2', (command, message) => {
  expect(run(command)).toMatchObject({ status: 2, stdout: '', stderr: `${message}\n` });
});

// bench/parts.ts is missing: it needs the packages of bench/package.json.
test.each([
  'bench/bench.ts',
  'bench/hostile-batches.ts',
  'bench/workers.ts',
  'release/dry-run.ts',
  'build.ts',
  'docs/take-screenshots.ts',
  'docs/write-settings.ts',
  'docs/write-tree.ts',
  'docs/talk/write-talk.ts',
])('%s refuses an unknown option', (script) => {
  const { status, stdout, stderr } = run(`${script} --nonsense`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^Unknown option '--nonsense'\. The comment .*\n$/);
});
