import type { RuntimeName } from '../test/support/app-command.ts';
import { type DeliveryCounts, readDeliveryCounts } from '../test/support/delivery-counts.ts';
import type { CountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { sendAtRate } from './rate.ts';
import { startServer } from './server.ts';
import type { Variant } from './variants.ts';

/** The server's core; the load and the collector have the others. */
export const SERVER_CORE = 0;

const SCHEDULE_DELAY_MS = 500;
/** The first export, which makes Node compile its HTTP code anew, is then part of the warm-up. */
const METRIC_INTERVAL_MS = 2_000;
/** Spans count as lost when no batch arrives for this time. */
const LOST_AFTER_MS = 4 * SCHEDULE_DELAY_MS;

/** The measurements of one window. */
export interface Measurement {
  /** Microseconds of processor time per request, until the last span was received. */
  readonly micros: number;
  /** Part of it that other threads than the main one have used. */
  readonly otherThreads: number;
  /** Milliseconds of each request, at a fixed rate. */
  readonly latencies: Float64Array;
  /** Share of requests that the load sent too late, at a fixed rate. */
  readonly late: number;
  readonly seconds: number;
}

/** The measurements of one process. */
export interface Round extends FinishedVariant {
  readonly saturated: Measurement;
  /** At a fixed rate: half of what plain can take. */
  readonly fixed: Measurement;
}

/** A variant in a process of its own. */
export interface RunningVariant {
  /** Lets the runtime compile hot code. */
  warmUp(requests: number): Promise<void>;
  /**
   * Measures a window.
   * @param rate requests per second; undefined for as many as the server can take
   */
  measure(requests: number, rate?: number): Promise<Measurement>;
  /** Ends the process. */
  stop(): Promise<FinishedVariant>;
}

/** The counts of a process, from its start to its end. */
export interface FinishedVariant {
  readonly expected: number;
  readonly received: number;
  /** Spans that the program reports as dropped; undefined if it does not report spans. */
  readonly dropped: number | undefined;
  /** The most memory that the process held after the warm-up, in megabytes. */
  readonly peak: number;
  /** Seconds of processor time. */
  readonly cpuSeconds: number;
}

/** Starts a variant in a new process. */
export async function startVariant(
  runtime: RuntimeName,
  variant: Variant,
  databaseUrl: string,
  collector: CountingCollector,
): Promise<RunningVariant> {
  const { spansPerRequest, responseDelayMs, isConsole } = variant;
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
  let expected = 0;
  let received = 0;

  /** Sends requests, and waits for their spans. */
  async function run<T>(requests: number, send: () => Promise<T>): Promise<T> {
    collector.reset(responseDelayMs);
    const result = await send();
    const spans = requests * spansPerRequest;
    if (!isConsole) await collector.hasSpans(spans, LOST_AFTER_MS);
    expected += spans;
    received += collector.spans;
    return result;
  }

  return {
    async warmUp(requests) {
      await run(requests, () => sendRequests(server.port, requests));
      // The start may take more than anything that follows.
      server.forgetPeak();
    },

    async measure(requests, rate) {
      const before = server.cpuTime();
      const startedAt = performance.now();
      let seconds = 0;
      const { latencies, late } = await run(requests, async () => {
        const result =
          rate === undefined
            ? await sendRequests(server.port, requests)
            : await sendAtRate(server.port, requests, rate);
        seconds = (performance.now() - startedAt) / 1_000;
        return result ?? NO_LATENCIES;
      });
      const after = server.cpuTime();
      return {
        micros: (after.total - before.total) / requests,
        otherThreads: (after.otherThreads - before.otherThreads) / requests,
        latencies,
        late,
        seconds,
      };
    },

    async stop() {
      const peak = server.peakBytes() / 1e6;
      const cpuSeconds = server.cpuTime().total / 1e6;
      const spans = readSpanCounts(await server.stop());
      return {
        expected,
        received: isConsole && spans ? spans.exported : received,
        dropped: spans && spans.created - spans.exported,
        peak,
        cpuSeconds,
      };
    },
  };
}

const NO_LATENCIES = { latencies: new Float64Array(), late: 0 };

/** Returns the environment: defaults, except for intervals that would make each run longer. */
function environment(
  { protocol = 'http/protobuf', isConsole }: Variant,
  { url, grpcUrl }: CountingCollector,
): Record<string, string> {
  if (isConsole) return {};
  return {
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? grpcUrl : url,
    OTEL_BSP_SCHEDULE_DELAY: String(SCHEDULE_DELAY_MS),
    OTEL_METRIC_EXPORT_INTERVAL: String(METRIC_INTERVAL_MS),
  };
}

/** Reads the program's final report on its spans. */
function readSpanCounts(lines: readonly string[]): DeliveryCounts | undefined {
  const routes = Object.entries(readDeliveryCounts(lines.join('\n')));
  return routes.find(([route]) => route.startsWith('Traces to '))?.[1];
}
