import type { RuntimeName } from '../test/support/app-command.ts';
import type { CountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { sendAtRate } from './rate.ts';
import { type BenchServer, startServer } from './server.ts';
import { quantile } from './statistics.ts';
import type { Variant } from './variants.ts';

/** Requests a second of the window that is measured. */
export const RATE = 5_000;
/** The server's core; the load and the collector have the others. */
export const SERVER_CORE = 0;

/** Milliseconds between batches at most, and without any before spans count as lost. */
const SCHEDULE_DELAY = 500;
const PATIENCE = 4 * SCHEDULE_DELAY;

export interface Window {
  readonly warmUp: number;
  readonly requests: number;
}

/** What one process showed. */
export interface Measurement {
  /** Microseconds of processor time a request, until the last span was received. */
  readonly micros: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** The most memory that the process held, in megabytes. */
  readonly peak: number;
  readonly expected: number;
  readonly received: number;
  /** Spans that the program itself says it dropped, `undefined` where it says nothing of spans. */
  readonly dropped: number | undefined;
  /** Share of requests that the load sent too late. */
  readonly late: number;
}

/** Starts a variant in a new process, warms it up and measures it. */
export async function measure(
  runtime: RuntimeName,
  variant: Variant,
  databaseUrl: string,
  collector: CountingCollector,
  window: Window,
): Promise<Measurement> {
  const server = await startServer(
    {
      runtime,
      entry: variant.entry,
      args: variant.args ?? [],
      env: {
        ...environment(variant, collector),
        VIEWER: 'none',
        ...variant.env,
        DATABASE_URL: databaseUrl,
      },
    },
    SERVER_CORE,
  );
  let counted: Omit<Measurement, 'dropped'>;
  let lostBefore = 0;
  let said: readonly string[] = [];
  try {
    lostBefore = await warmUp(server, variant, collector, window);
    counted = await measureServer(server, variant, collector, window);
  } finally {
    said = await server.stop();
  }
  const told = spanCounts(said);
  if (told === undefined) return { ...counted, dropped: undefined };
  const received = told.exported - window.warmUp * variant.spansPerRequest;
  return {
    ...counted,
    ...(variant.isConsole && { received }),
    dropped: told.created - told.exported - lostBefore,
  };
}

/** Lets the runtime compile what it will run. @returns spans that were lost meanwhile */
async function warmUp(
  server: BenchServer,
  { spansPerRequest, isConsole }: Variant,
  collector: CountingCollector,
  { warmUp: requests }: Window,
): Promise<number> {
  collector.reset();
  await sendRequests(server.port, requests);
  if (isConsole) return 0;
  await collector.hasSpans(requests * spansPerRequest, PATIENCE);
  return requests * spansPerRequest - collector.spans;
}

async function measureServer(
  server: BenchServer,
  { spansPerRequest, answerAfter, isConsole }: Variant,
  collector: CountingCollector,
  { requests }: Window,
): Promise<Omit<Measurement, 'dropped'>> {
  collector.reset(answerAfter);
  // The start may take more than anything that follows.
  server.forgetPeak();
  const before = server.cpuMicros();
  const { latencies, late } = await sendAtRate(server.port, requests, RATE);
  if (!isConsole) await collector.hasSpans(requests * spansPerRequest, PATIENCE);
  return {
    micros: (server.cpuMicros() - before) / requests,
    p50: quantile(latencies, 0.5),
    p90: quantile(latencies, 0.9),
    p99: quantile(latencies, 0.99),
    peak: server.peakBytes() / 1e6,
    expected: requests * spansPerRequest,
    received: collector.spans,
    late,
  };
}

/** Defaults but for what would make each run last longer. */
function environment(
  { protocol = 'http/protobuf', isConsole }: Variant,
  { url, grpcUrl }: CountingCollector,
): Record<string, string> {
  if (isConsole) return {};
  return {
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? grpcUrl : url,
    OTEL_BSP_SCHEDULE_DELAY: String(SCHEDULE_DELAY),
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
  };
}

/** What the program says at its end of its spans. */
function spanCounts(said: readonly string[]): { created: number; exported: number } | undefined {
  const counts = /^Traces to .*: (\d+) spans? created, (\d+) exported/m.exec(said.join('\n'));
  return counts ? { created: Number(counts[1]), exported: Number(counts[2]) } : undefined;
}
