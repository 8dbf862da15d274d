// `npm run test:stack` checks a running Collector and Jaeger, with the app on each runtime and over each
// protocol.
import { exit, stderr, stdout } from 'node:process';
import { parseCount, readArguments, usageError } from '../../script-arguments.ts';
import { RUNTIME_NAMES } from '../support/app-command.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { checkSignals, findUnreachable, sendSignals } from './check-stack.ts';

const { values } = readArguments({
  options: {
    collector: { type: 'string', default: 'http://localhost:4318' },
    'collector-grpc': { type: 'string', default: 'http://localhost:4317' },
    jaeger: { type: 'string', default: 'http://localhost:16686' },
    prometheus: { type: 'string' },
    // Seconds for spans to be found in Jaeger.
    patience: { type: 'string', default: '10' },
  },
});
const { collector, 'collector-grpc': collectorGrpc, jaeger, prometheus, patience } = values;
for (const [name, url] of Object.entries({ ...values, patience: undefined })) {
  if (url !== undefined && !URL.canParse(url)) usageError(`--${name}: "${url}" is not a URL.`);
}
const patienceMs = parseCount('--patience', patience) * 1_000;
const stack = { collector, collectorGrpc, jaeger, prometheus, patienceMs };

const unreachable = await findUnreachable(stack);
if (unreachable.length > 0) {
  for (const message of unreachable) stdout.write(`${message}\n`);
  stdout.write('Start the stack: docker compose -f deploy/compose.yaml up -d\n');
  exit(1);
}

// All programs send before anything is looked for: Prometheus takes half a minute to show a metric.
const sent = [];
for (const runtime of RUNTIME_NAMES) {
  for (const protocol of PROTOCOLS) {
    stderr.write(`Sending from ${runtime} over ${protocol}\n`);
    sent.push({ runtime, protocol, program: await sendSignals(stack, runtime, protocol) });
  }
}
stderr.write(
  stack.prometheus
    ? 'Looking for the results in Jaeger and Prometheus, which takes up to 45 s\n'
    : 'Looking for the results in Jaeger\n',
);
const table = [['runtime', 'protocol', 'traces', 'metrics', 'logs']];
const missing: string[] = [];
const results = sent.map(({ program }) => checkSignals(stack, program));
for (const [i, result] of (await Promise.all(results)).entries()) {
  const { runtime = '', protocol = '' } = sent[i] ?? {};
  const route = [runtime, protocol];
  const cells = Object.entries(result).map(([signal, { isGood, message }]) => {
    if (!isGood) missing.push(`${signal} of ${route.join(' over ')}: ${message}`);
    return isGood ? message : 'missing';
  });
  table.push([...route, ...cells]);
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
