// `npm run test:stack`: proves a Collector and a Jaeger that are up, with the app on each runtime and
// over each protocol.
import { argv, exit, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { checkStack } from './check-stack.ts';
import { PROTOCOLS } from './protocols.ts';

const { values } = readArguments();
const stack = {
  ...values,
  collectorGrpc: values['collector-grpc'],
  patience: Number(values.patience) * 1_000,
};

const table = [['runtime', 'protocol', 'traces', 'metrics', 'logs']];
const missing: string[] = [];
for (const runtime of ['node', 'bun', 'deno'] as const) {
  for (const protocol of PROTOCOLS) {
    const result = await checkStack(stack, runtime, protocol);
    const cells = Object.entries(result).map(([signal, { isGood, says }]) => {
      if (!isGood) missing.push(`${signal} of ${runtime} over ${protocol.protocol}: ${says}`);
      return isGood ? says : 'missing';
    });
    table.push([runtime, protocol.protocol, ...cells]);
  }
}

const widths = table[0]?.map((_, column) =>
  Math.max(...table.map((row) => row[column]?.length ?? 0)),
);
for (const row of table) {
  const line = row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  ');
  stdout.write(`${line.trimEnd()}\n`);
}
for (const sentence of missing) stdout.write(`${sentence}\n`);
exit(missing.length > 0 ? 1 : 0);

function readArguments() {
  try {
    return parseArgs({
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
  } catch (error) {
    stdout.write(`${(error as Error).message}\n`);
    exit(2);
  }
}
