import { createOtlpExporter } from 'opentelemetry-instrument-exporters/otlp';
import type { TelemetrySink } from './telemetry-sink.ts';

/** Maximum number of exports under way. Further requests are not forwarded. */
const MAX_PENDING = 100;

/** A sink that sends all records on. */
export interface Forwarder extends TelemetrySink {
  /** Waits for exports under way. */
  close(): Promise<void>;
}

/**
 * Creates a sink that sends all records to another OTLP endpoint; port 4317 is taken for gRPC.
 *
 * @param endpoint base URL, to which `/v1/traces`, `/v1/metrics` and `/v1/logs` are added
 * @param notify takes a message about the first failure, and about the first one after a success
 */
export async function createForwarder(
  endpoint: string,
  notify: (message: string) => void,
): Promise<Forwarder> {
  const exporter = await createOtlpExporter({
    url: endpoint,
    protocol: new URL(endpoint).port === '4317' ? 'grpc' : 'http/protobuf',
    compression: 'gzip',
  });
  const channels = {
    traces: exporter.traces(),
    metrics: exporter.metrics(),
    logs: exporter.logs(),
  };
  let isFailing = false;
  let pending = 0;

  function send<Records>(
    channel: { export(records: Records, done: (result: Result) => void): void } | null,
    records: Records,
  ): void {
    if (channel === null) return;
    if (pending >= MAX_PENDING) {
      settle(new Error('the server is too slow'));
      return;
    }
    pending += 1;
    channel.export(records, ({ code, error }) => {
      pending -= 1;
      settle(code === 0 ? undefined : (error ?? new Error('unknown reason')));
    });
  }
  function settle(error: Error | undefined): void {
    if (error && !isFailing) notify(`Cannot forward to ${endpoint}: ${error.message}`);
    isFailing = error !== undefined;
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
    async close() {
      await Promise.allSettled(Object.values(channels).map((channel) => channel?.shutdown()));
    },
  };
}

interface Result {
  readonly code: number;
  readonly error?: Error | undefined;
}
