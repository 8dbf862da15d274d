import {
  type ISerializer,
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { Exporter, ExporterOptions, OnRejected, Signal } from '../src/telemetry/exporter.ts';
import { acceptBatches } from './otlp/accept-batches.ts';
import { componentType } from './otlp/component-type.ts';
import { describeDestination, serverOf } from './otlp/destination.ts';
import { createLogBatch, createSpanBatch } from './otlp/encode/record-batch.ts';
import { withIntegersAsText } from './otlp/integers-as-text.ts';
import { selectMetrics } from './otlp/select-metrics.ts';
import { createSignalExporter, type SignalExporter } from './otlp/signal-exporter.ts';
import { loadTransport, type OpenTransport } from './otlp/transport.ts';

const protobuf = {
  traces: acceptBatches(ProtobufTraceSerializer),
  metrics: ProtobufMetricsSerializer,
  logs: acceptBatches(ProtobufLogsSerializer),
};
const json: typeof protobuf = {
  traces: withIntegersAsText(JsonTraceSerializer),
  metrics: withIntegersAsText(JsonMetricsSerializer),
  logs: withIntegersAsText(JsonLogsSerializer),
};

/**
 * Sends each signal over OTLP, as protobuf or JSON over HTTP, or over gRPC.
 *
 * Only the code of protocols in use is read, and at the start, where it makes no request wait. As
 * protobuf a record is encoded when it comes, in place of a batch at a time, which would stall requests.
 * @see https://opentelemetry.io/docs/specs/otlp/
 */
export async function createExporter({
  settings,
  otlp,
  exporters,
}: ExporterOptions): Promise<Exporter> {
  const transports = new Map<Signal, OpenTransport>();
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    if (!exporters[signal].includes('otlp')) continue;
    transports.set(signal, await loadTransport(otlp[signal].protocol));
  }

  function create<Records>(
    signal: Signal,
    serializer: ISerializer<Records, object>,
    onRejected: OnRejected = () => {},
  ): SignalExporter<Records> | null {
    const openTransport = transports.get(signal);
    if (openTransport === undefined) return null;
    const transport = openTransport(signal, otlp[signal]);
    return createSignalExporter(transport, serializer, otlp[signal], onRejected);
  }
  const isProtobuf = (signal: Signal) => otlp[signal].protocol !== 'http/json';
  const encodings = (signal: Signal) => (isProtobuf(signal) ? protobuf : json);
  const encodesEarly = (signal: Signal) => isProtobuf(signal) && settings.OTEL_JS_FAST_PATH_ENABLED;

  return {
    processor: 'batch',
    metricInterval: 60_000,
    describe: (signal) => describeDestination(otlp[signal]),
    componentType: (signal) => componentType(signal, otlp[signal]),
    server: (signal) => serverOf(otlp[signal]),
    traces(onRejected) {
      const exporter = create('traces', encodings('traces').traces, onRejected);
      return (
        exporter && { ...exporter, ...(encodesEarly('traces') && { createBatch: createSpanBatch }) }
      );
    },
    metrics(onRejected) {
      const exporter = create('metrics', encodings('metrics').metrics, onRejected);
      return exporter && { ...exporter, ...selectMetrics(settings) };
    },
    logs(onRejected) {
      const exporter = create('logs', encodings('logs').logs, onRejected);
      return (
        exporter && { ...exporter, ...(encodesEarly('logs') && { createBatch: createLogBatch }) }
      );
    },
  };
}
