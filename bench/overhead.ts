// `npm run bench:overhead`: processor time that the server takes for a request (GET / with 20
// tasks), as the plain app and with telemetry, on each runtime. Linux only, with two cores or more.
import { argv, stdout } from 'node:process';
import type { RuntimeName } from '../test/support/app-command.ts';
import { type CountingCollector, startCountingCollector } from './counting-collector.ts';
import { postForm, type RequestText, sendRequests } from './load.ts';
import { startServer } from './server.ts';
import { summarize } from './statistics.ts';

interface Variant {
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly spansPerRequest: number;
}

const VARIANTS: readonly Variant[] = [
  { name: 'plain', entry: 'bench/plain.ts', env: {}, spansPerRequest: 0 },
  { name: 'OTLP, all sampled', entry: 'source', env: {}, spansPerRequest: 2 },
  {
    name: 'OTLP, none sampled',
    entry: 'source',
    env: { OTEL_TRACES_SAMPLER: 'always_off' },
    spansPerRequest: 0,
  },
  {
    name: 'SDK disabled',
    entry: 'source',
    env: { OTEL_SDK_DISABLED: 'true' },
    spansPerRequest: 0,
  },
];
const TASKS = 20;
const WARM_UP = 10_000;
const REQUESTS = 30_000;
/** The server's; the load and the collector run on the others. */
const CORE = 0;

const rounds = Number(argv[2] ?? 5);

/** @returns microseconds a request, until the last span has been received */
async function measure(
  runtime: RuntimeName,
  { entry, env, spansPerRequest }: Variant,
  collector: CountingCollector,
): Promise<number> {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '500' };
  const server = await startServer({ runtime, entry, env: { ...endpoint, ...env } }, CORE);
  async function send(count: number, request?: RequestText, status = 200): Promise<void> {
    collector.reset();
    await sendRequests(server.port, count, request, () => status);
    await collector.hasSpans(count * spansPerRequest);
  }
  await send(TASKS, (n) => postForm('/add', `task=task+${n}`), 303);
  await send(WARM_UP);
  const before = server.cpuMicros();
  await send(REQUESTS);
  const micros = (server.cpuMicros() - before) / REQUESTS;
  await server.stop();
  return micros;
}

async function compare(runtime: RuntimeName): Promise<void> {
  const collector = await startCountingCollector();
  const results = VARIANTS.map((variant) => ({ variant, micros: [] as number[], received: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      result.micros.push(await measure(runtime, result.variant, collector));
      result.received += collector.spans;
    }
  }
  collector.close();

  const plain = summarize(results[0]?.micros ?? []).median;
  for (const { variant, micros, received } of results) {
    const { median, lower, upper } = summarize(micros);
    const expected = rounds * REQUESTS * variant.spansPerRequest;
    stdout.write(
      `${runtime}, ${variant.name}: ${median.toFixed(1)} us (quartiles ${lower.toFixed(1)} to ${upper.toFixed(1)}), ` +
        `${(median - plain).toFixed(1)} us over plain, ${received} of ${expected} spans received\n`,
    );
  }
}

stdout.write(`${rounds} rounds of ${REQUESTS} requests, each in a new process\n`);
for (const runtime of ['node', 'bun', 'deno'] as const) await compare(runtime);
