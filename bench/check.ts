// `npm run bench:check`: fails when a variant of ours costs more than it did in results.json. Costs are
// compared as ratios to plain and to the best peer of the same run, so that any quiet machine will do.
//   --runtime node|bun|deno   one of them; may be repeated
//   --rounds <n>              new processes of each variant; default 3
import process, { stdout } from 'node:process';
import { parseChoices, parseCount, readArguments, usageError } from '../script-arguments.ts';
import { RUNTIME_NAMES } from '../test/support/app-command.ts';
import { compare, FULL } from './compare.ts';
import { findRegressions } from './find-regressions.ts';
import { readResults } from './save.ts';
import { PLAIN, variantsOf } from './variants.ts';

const { values: options } = readArguments({
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIME_NAMES] },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = parseCount('--rounds', options.rounds);
const committed = readResults();
const runs = parseChoices('--runtime', options.runtime, RUNTIME_NAMES).map((runtime) => {
  const before = committed[runtime];
  return { runtime, before: before ?? usageError(`bench/results.json has nothing of ${runtime}.`) };
});
for (const { runtime, before } of runs) {
  const variants = variantsOf(runtime, /^(?!.*slow)/).filter(
    ({ name, isPeer }) => isPeer || name.startsWith('ours'),
  );
  const now = await compare(runtime, [PLAIN, ...variants], { ...FULL, rounds });
  for (const { name, sentence, isWorse } of findRegressions(before.variants, now.variants)) {
    stdout.write(`${isWorse ? 'WORSE' : 'ok   '} ${runtime}, ${name}: ${sentence}\n`);
    if (isWorse) process.exitCode = 1;
  }
}
