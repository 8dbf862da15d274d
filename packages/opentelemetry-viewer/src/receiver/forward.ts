import { createOtlpExporter } from 'opentelemetry-instrument-exporters/otlp';
import type { TelemetrySink } from '../store/index.ts';
import { VIA_VIEWER } from './accept-export.ts';

/** Maximum number of exports under way. Further requests are not forwarded. */
const MAX_PENDING = 100;

/** A sink that sends all records on. */
export interface Forwarder extends TelemetrySink {
  /** Takes records that another viewer has forwarded: drops them, and reports this once. */
  readonly stop: TelemetrySink;
  /** Waits for exports under way. */
  close(): Promise<void>;
}

/**
 * Creates a sink that sends all records to another OTLP endpoint; port 4317 is taken for gRPC.
 *
 * @param endpoint base URL, to which `/v1/traces`, `/v1/metrics` and `/v1/logs` are added
 * @param notify takes a message when an export fails, and one with the number of lost requests when they succeed again
 */
export async function createForwarder(
  endpoint: string,
  notify: (message: string) => void,
): Promise<Forwarder> {
  const exporter = await createOtlpExporter({
    url: endpoint,
    protocol: new URL(endpoint).port === '4317' ? 'grpc' : 'http/protobuf',
    compression: 'gzip',
    headers: { via: VIA_VIEWER },
    names: { endpoint: '--forward' },
  });
  const channels = {
    traces: exporter.traces(),
    metrics: exporter.metrics(),
    logs: exporter.logs(),
  };
  let lostRequests = 0;
  let pending = 0;

  function send<Records>(
    channel: { export(records: Records, done: (result: Result) => void): void } | null,
    records: Records,
  ): void {
    if (channel === null) return;
    if (pending >= MAX_PENDING) {
      fail(new Error('the server is too slow'));
      return;
    }
    pending += 1;
    channel.export(records, ({ code, error }) => {
      pending -= 1;
      if (code === 0) succeed();
      else fail(error ?? new Error('unknown reason'));
    });
  }
  function fail({ message }: Error): void {
    if (lostRequests === 0) notify(`Cannot forward to ${endpoint}: ${message}`);
    lostRequests += 1;
  }
  function succeed(): void {
    if (lostRequests > 0) {
      notify(`Forwarding to ${endpoint} works again; ${lostRequests} requests were not forwarded.`);
    }
    lostRequests = 0;
  }

  return {
    addSpans(spans) {
      if (spans.length > 0) send(channels.traces, [...spans]);
      return 0;
    },
    addLogs(records) {
      if (records.length > 0) send(channels.logs, [...records]);
    },
    addMetrics: (metrics) => send(channels.metrics, metrics),
    stop: createStop(endpoint, notify),
    async close() {
      await Promise.allSettled(Object.values(channels).map((channel) => channel?.shutdown()));
    },
  };
}

function createStop(endpoint: string, notify: (message: string) => void): TelemetrySink {
  const message = `Records that another viewer has forwarded are kept, and not forwarded to ${endpoint}.`;
  let hasReported = false;
  function report(): void {
    if (!hasReported) notify(message);
    hasReported = true;
  }
  return {
    addSpans() {
      report();
      return 0;
    },
    addLogs: report,
    addMetrics: report,
  };
}

interface Result {
  readonly code: number;
  readonly error?: Error | undefined;
}
