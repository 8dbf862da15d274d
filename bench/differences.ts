// `npm run bench:differences`: what each part of a traced request costs in the server. Each variant is
// "the kit alone" without one part. All programs are bundles, from which parts can be left out.
//   --runtime node|bun|deno   default: node
//   --variant <regexp>        variants with a matching name, and the whole kit
//   --rounds <n>              new processes of each variant; default 5
import { stdout } from 'node:process';
import {
  parseChoices,
  parseCount,
  parsePattern,
  readArguments,
  usageError,
} from '../script-arguments.ts';
import { RUNTIME_NAMES } from '../test/support/app-command.ts';
import { compare, FULL } from './compare.ts';
import { renderRows } from './table.ts';
import { differences, KIT, PLAIN } from './variants.ts';

const { values: options } = readArguments({
  options: {
    runtime: { type: 'string', default: 'node' },
    variant: { type: 'string', default: '' },
    rounds: { type: 'string', default: String(FULL.rounds) },
  },
});
const [runtime = 'node'] = parseChoices('--runtime', [options.runtime], RUNTIME_NAMES);
const pattern = parsePattern('--variant', options.variant);
const others = differences.filter(({ name }) => pattern.test(name));
if (others.length === 0) {
  usageError(`--variant: "${options.variant}" is not in the name of a variant.`);
}
const size = { ...FULL, rounds: parseCount('--rounds', options.rounds) };
const results = await compare(runtime, [PLAIN, KIT, ...others], size);
const whole = results.variants[KIT.name]?.figures;

const head = ['', 'saturated', 'saves', `at ${results.rate}/s`, 'saves', 'other threads'];
const rows = Object.entries(results.variants).map(([name, { figures, received, expected }]) => {
  if (!figures || !whole) return [name, `${received} of ${expected} spans`, '', '', '', ''];
  const { saturated, fixed } = figures;
  return [
    name,
    saturated.micros,
    whole.saturated.micros - saturated.micros,
    fixed.micros,
    whole.fixed.micros - fixed.micros,
    saturated.otherThreads,
  ].map((cell) => (typeof cell === 'number' ? cell.toFixed(1) : cell));
});
stdout.write(`${renderRows(head, rows)}\n`);
