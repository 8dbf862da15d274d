// `npm run bench:check`: fails when a variant of ours costs more than it did in results.json. Costs are
// compared as ratios to plain and to the best peer of the same run, so that any quiet machine will do.
//   --runtime node|bun|deno   one of them; may be repeated
//   --rounds <n>              new processes of each variant; default 3
import process, { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../test/support/app-command.ts';
import { compare, FULL } from './compare.ts';
import { findRegressions } from './find-regressions.ts';
import { readResults } from './save.ts';
import { variantsOf } from './variants.ts';

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
  const variants = variantsOf(runtime, /^(?!.*slow)/).filter(
    ({ name, isPeer }) => isPeer || /^(plain$|ours)/.test(name),
  );
  const now = await compare(runtime, variants, { ...FULL, rounds: Number(options.rounds) });
  for (const { name, sentence, isWorse } of findRegressions(before.variants, now.variants)) {
    stdout.write(`${isWorse ? 'WORSE' : 'ok   '} ${runtime}, ${name}: ${sentence}\n`);
    if (isWorse) process.exitCode = 1;
  }
}
