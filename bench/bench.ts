// `npm run bench`: what telemetry costs this app, beside others. Linux only, with two cores or more.
//   --runtime node|bun|deno   one of them; may be repeated
//   --variant <regexp>        those whose name it finds, and plain
//   --rounds <n>              new processes of each variant, alternated; default 5
//   --quick                   one short round: shows that it works, measures nothing
//   --save                    writes it into results.json, chart.svg and the tables of README.md
import process, { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { RuntimeName } from '../test/support/app-command.ts';
import { compare, FULL, QUICK } from './compare.ts';
import { saveResults } from './save.ts';
import { renderTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true, default: ['node', 'bun', 'deno'] },
    variant: { type: 'string', default: '' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
if (options.save && (options.quick || options.variant !== '')) {
  stderr.write('--save is for a whole run: leave --quick and --variant out.\n');
  process.exit(2);
}
const window = options.quick ? QUICK : FULL;
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
const pattern = new RegExp(options.variant, 'i');

for (const runtime of options.runtime as RuntimeName[]) {
  const results = await compare(runtime, pattern, rounds, window);
  stdout.write(`\n${renderTable(runtime, results)}\n\n`);
  if (options.save) saveResults({ [runtime]: results });
}
