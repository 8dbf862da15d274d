// `npm run bench` compares the cost of this app's telemetry with others. Linux only, with two or more cores.
//   --runtime node|bun|deno   one runtime; may be repeated
//   --variant <regexp>        variants with a matching name, and plain; runtimes without one are left out
//   --rounds <n>              new processes of each variant; default 5
//   --quick                   one short round, to check that it works; its numbers mean nothing
//   --save                    writes the results to results.json, chart.svg and the tables of README.md;
//                             refuses if the machine was not quiet
import process, { stderr, stdout } from 'node:process';
import {
  parseChoices,
  parseCount,
  parsePattern,
  readArguments,
  usageError,
} from '../script-arguments.ts';
import { RUNTIME_NAMES } from '../test/support/app-command.ts';
import { compare, FULL, QUICK } from './compare.ts';
import { noiseOf } from './quiet.ts';
import { saveResults } from './save.ts';
import { renderTable } from './table.ts';
import { PLAIN, variantsOf } from './variants.ts';

const { values: options } = readArguments({
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIME_NAMES] },
    variant: { type: 'string', default: '' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
if (options.save && (options.quick || options.variant !== '')) {
  usageError('--save is for a whole run: leave --quick and --variant out.');
}
const size = options.quick ? QUICK : FULL;
const rounds = parseCount('--rounds', options.rounds ?? String(size.rounds));
const pattern = parsePattern('--variant', options.variant);
const runtimes = parseChoices('--runtime', options.runtime, RUNTIME_NAMES);
const runs = runtimes
  .map((runtime) => ({ runtime, variants: variantsOf(runtime, pattern) }))
  .filter(({ variants }) => variants.length > 0);
if (runs.length === 0) {
  const where = runtimes.join(', ');
  usageError(`--variant: "${options.variant}" is not in the name of a variant on ${where}.`);
}

for (const { runtime, variants } of runs) {
  const results = await compare(runtime, [PLAIN, ...variants], { ...size, rounds });
  stdout.write(`\n${renderTable(runtime, results)}\n\n`);
  const noise = noiseOf(results.disturbance);
  if (noise !== undefined) stderr.write(`The machine was not quiet: ${noise}.\n`);
  if (!options.save) continue;
  if (noise === undefined) {
    saveResults({ [runtime]: results });
  } else {
    stderr.write(`The results of ${runtime} are not saved: end other programs and try again.\n`);
    process.exitCode = 1;
  }
}
