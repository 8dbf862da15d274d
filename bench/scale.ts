// `npm run bench:scale`: the app on SQLite and on PostgreSQL, and several processes on one PostgreSQL. Linux only.
//   --runtime node|bun|deno   one of them; may be repeated
//   --rounds <n>              new processes of each variant, alternated; default 3
//   --rate <n>                requests per second of the first table; default 1,000
//   --quick                   one short round, to check that it works; its numbers mean nothing
import { stdout } from 'node:process';
import { parseChoices, parseCount, readArguments } from '../script-arguments.ts';
import { RUNTIME_NAMES } from '../test/support/app-command.ts';
import { compareDatabases, type DatabaseRow } from './scale-databases.ts';
import { measureProcesses, type ProcessRow } from './scale-processes.ts';
import { renderRows } from './table.ts';

const { values: options } = readArguments({
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIME_NAMES] },
    rounds: { type: 'string' },
    rate: { type: 'string', default: '1000' },
    quick: { type: 'boolean', default: false },
  },
});
const runtimes = parseChoices('--runtime', options.runtime, RUNTIME_NAMES);
const rounds = parseCount('--rounds', options.rounds ?? (options.quick ? '1' : '3'));
const rate = parseCount('--rate', options.rate);
const requests = options.quick ? 1_000 : 10_000;

/** Prints a Markdown table. */
function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  stdout.write(`\n${renderRows(head, rows)}\n`);
}

for (const runtime of runtimes) {
  const databases = await compareDatabases(runtime, rounds, requests, rate);
  print(
    [`${runtime}, ${rate} requests/s`, 'telemetry', 'CPU us/request', 'p50 ms', 'p99'],
    databases.map(({ name, telemetry, micros, p50, p99 }: DatabaseRow) => [
      name,
      telemetry,
      micros.toFixed(0),
      p50.toFixed(2),
      p99.toFixed(2),
    ]),
  );
  const processes = await measureProcesses(runtime, rounds, requests);
  print(
    [`${runtime}, processes`, 'telemetry', 'requests/s', 'CPU us/request', 'spans lost'],
    processes.map(({ count, telemetry, perSecond, micros, lost }: ProcessRow) => [
      String(count),
      telemetry,
      perSecond.toFixed(0),
      micros.toFixed(0),
      String(lost),
    ]),
  );
}
