// `npm run bench:check`: fails when a variant of ours costs more than it did in results.json. Of the
// committed numbers only the ratio to plain counts, so that any machine will do, if it is quiet.
//   --runtime node|bun|deno   one of them; may be repeated
//   --rounds <n>              default 3
import process, { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../test/support/app-command.ts';
import { compare, FULL } from './compare.ts';
import { findRegressions } from './find-regressions.ts';
import { readResults } from './save.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true, default: ['node', 'bun', 'deno'] },
    rounds: { type: 'string', default: '3' },
  },
});
const committed = readResults();
for (const runtime of options.runtime as RuntimeName[]) {
  const before = committed[runtime];
  if (before === undefined) throw new Error(`bench/results.json has nothing of ${runtime}.`);
  const now = await compare(runtime, /^ours/, Number(options.rounds), FULL);
  for (const { name, sentence, isWorse } of findRegressions(before.variants, now.variants)) {
    stdout.write(`${isWorse ? 'WORSE' : 'ok   '} ${runtime}, ${name}: ${sentence}\n`);
    if (isWorse) process.exitCode = 1;
  }
}
