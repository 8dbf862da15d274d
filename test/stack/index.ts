// `npm run test:stack`: proves a Collector and a Jaeger that are up, with the app on each runtime and
// over each protocol.
import { argv, exit, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { checkStack, type StackResult } from './check-stack.ts';
import { PROTOCOLS } from './protocols.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    collector: { type: 'string', default: 'http://localhost:4318' },
    'collector-grpc': { type: 'string', default: 'http://localhost:4317' },
    jaeger: { type: 'string', default: 'http://localhost:16686' },
    prometheus: { type: 'string' },
    // Seconds for spans to be found in Jaeger.
    patience: { type: 'string', default: '10' },
  },
});
const stack = {
  ...values,
  collectorGrpc: values['collector-grpc'],
  patience: Number(values.patience) * 1_000,
};

const runs = (['node', 'bun', 'deno'] as const).flatMap((runtime) =>
  PROTOCOLS.map((protocol) => ({ runtime, protocol })),
);
const rows = [['runtime', 'protocol', 'traces', 'metrics', 'logs']];
let isGood = true;
for (const { runtime, protocol } of runs) {
  const result = await checkStack(stack, runtime, protocol).catch(
    (error): StackResult => ({ traces: String(error), metrics: '', logs: '', isGood: false }),
  );
  isGood &&= result.isGood;
  rows.push([runtime, protocol.protocol, result.traces, result.metrics, result.logs]);
}

const widths = rows[0]?.map((_, column) =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0)),
);
for (const row of rows) {
  const line = row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  ');
  stdout.write(`${line.trimEnd()}\n`);
}
exit(isGood ? 0 : 1);
