// `npm run bench:startup` measures milliseconds from spawn to the first complete response. It compares
// dist/node.js, with three signals over OTLP and with its defaults, to bundles of the plain app and of @hono/otel.
import { stdout, version } from 'node:process';
import { readCount } from '../script-arguments.ts';
import { bundle } from './bundle.ts';
import { startCountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { startServer } from './server.ts';
import { median, summarize } from './statistics.ts';

interface Program {
  readonly name: string;
  readonly entry: string;
  /** Variables of a program that exports nothing to the collector. */
  readonly env?: Readonly<Record<string, string>>;
  readonly millis: number[];
}

const rounds = readCount('starts', 30);
const collector = await startCountingCollector();
const overOtlp = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '10' };

async function start({ name, entry, env }: Program): Promise<number> {
  collector.reset();
  const startedAt = performance.now();
  const server = await startServer({ entry, env: env ?? overOtlp });
  await sendRequests(server.port, 1);
  const millis = performance.now() - startedAt;
  // The request's span and the statement's.
  if (env === undefined) await collector.hasSpans(2);
  await server.stop();
  if (env === undefined && collector.spans !== 2) {
    throw new Error(`${collector.spans} spans came from ${name}, not 2.`);
  }
  return millis;
}

const source = await bundle('source');
const plain: Program = {
  name: 'plain',
  entry: await bundle('bench/plain.ts'),
  env: {},
  millis: [],
};
const programs: Program[] = [
  plain,
  { name: 'OTLP on', entry: source, millis: [] },
  { name: 'tree and viewer', entry: source, env: { VIEWER: 'auto' }, millis: [] },
  { name: '@hono/otel', entry: await bundle('bench/peers/hono-otel.ts'), millis: [] },
];
for (let round = 0; round < rounds; round++) {
  for (const program of programs) program.millis.push(await start(program));
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
