// `npm run soak`: 50 requests per second for 10 minutes on each runtime, without a collector. A number
// sets the seconds and names select runtimes: `npm run soak -- 60 node bun`.
import { exit, stdout } from 'node:process';
import { parseChoices, parseCount, readArguments } from '../script-arguments.ts';
import { RUNTIME_NAMES, type RuntimeName } from '../test/support/app-command.ts';
import { isBalanced } from '../test/support/delivery-counts.ts';
import { runSoak, type SoakResult } from './run-soak.ts';

const { positionals } = readArguments({ allowPositionals: true });
const isNumber = (text: string) => /^\d/.test(text);
const seconds = parseCount('seconds', positionals.find(isNumber) ?? '600');
const names = positionals.filter((each) => !isNumber(each));
const runtimes = parseChoices('runtime', names, RUNTIME_NAMES);
/** The largest rise of memory, in megabytes. */
const FLAT = 20;
const WARM_UP = 20_000;

function report(
  runtime: RuntimeName,
  { settled, steps, counts, requests, ...exited }: SoakResult,
): boolean {
  const row = (name: string, cells: readonly (string | number)[]) =>
    stdout.write(`  ${name.padEnd(12)}${cells.map((cell) => String(cell).padStart(7)).join('')}\n`);
  stdout.write(`${runtime}: ${requests} requests\n`);
  row(
    'MB',
    steps.map(({ memory }) => memory),
  );
  row(
    'median, ms',
    steps.map(({ median }) => median.toFixed(1)),
  );
  row(
    '99 %, ms',
    steps.map(({ p99 }) => p99.toFixed(1)),
  );
  for (const [signal, { created, exported, rejected, dropped }] of Object.entries(counts)) {
    stdout.write(
      `  ${signal}: ${created} created = ${exported} exported + ${rejected} rejected + ${dropped} dropped\n`,
    );
  }
  stdout.write(`  ended with ${exited.exitCode} after ${exited.exitMillis.toFixed(0)} ms\n`);

  const rise = Math.max(...steps.map(({ memory }) => memory)) - settled;
  stdout.write(`  memory was ${settled} MB after the warm-up and rose by at most ${rise} MB\n`);
  return rise <= FLAT && Object.values(counts).every(isBalanced) && exited.exitCode === 0;
}

let isGood = true;
for (const runtime of runtimes.length > 0 ? runtimes : RUNTIME_NAMES) {
  isGood =
    report(runtime, await runSoak({ runtime, seconds, rate: 50, warmUp: WARM_UP })) && isGood;
}
exit(isGood ? 0 : 1);
