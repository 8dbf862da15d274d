// `npm run bench:startup`: milliseconds from spawn to the first whole answer, for dist/node.js with
// all three signals over OTLP against the plain app and @hono/otel in bundles of the same kind.
import { argv, stdout, version } from 'node:process';
import { bundle } from './bundle.ts';
import { startCountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { startServer } from './server.ts';
import { median, summarize } from './statistics.ts';

const rounds = Number(argv[2] ?? 30);
const collector = await startCountingCollector();

async function start(entry: string): Promise<number> {
  collector.reset();
  const startedAt = performance.now();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '10' };
  const server = await startServer({ entry, env });
  await sendRequests(server.port, 1);
  const millis = performance.now() - startedAt;
  // The request's span and the statement's.
  if (entry !== plain.entry) await collector.hasSpans(2);
  await server.stop();
  if (entry !== plain.entry && collector.spans !== 2) {
    throw new Error(`${collector.spans} spans came of ${entry}, not 2.`);
  }
  return millis;
}

const plain = { name: 'plain', entry: bundle('bench/plain.ts'), millis: [] as number[] };
const programs: (typeof plain)[] = [
  plain,
  { name: 'OTLP on', entry: bundle('source'), millis: [] },
  { name: '@hono/otel', entry: bundle('bench/peers/hono-otel.ts'), millis: [] },
];
for (let round = 0; round < rounds; round++) {
  for (const { entry, millis } of programs) millis.push(await start(entry));
}
collector.close();

stdout.write(`Node ${version}, ${rounds} starts each, alternated\n`);
for (const { name, millis } of programs) {
  const { median: middle, lower, upper } = summarize(millis);
  stdout.write(
    `${name}: ${middle.toFixed(0)} ms (quartiles ${lower.toFixed(0)} to ${upper.toFixed(0)}), ` +
      `${(middle / median(plain.millis)).toFixed(2)} times plain\n`,
  );
}
