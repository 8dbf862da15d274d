import type { OtlpSettings } from '../../src/settings.ts';
import type { Signal } from '../../src/telemetry/exporter.ts';

const PROTOCOLS: Readonly<Record<OtlpSettings['protocol'], string>> = {
  'http/protobuf': 'otlp_http',
  'http/json': 'otlp_http_json',
  grpc: 'otlp_grpc',
};
const RECORDS: Readonly<Record<Signal, string>> = {
  traces: 'span',
  metrics: 'metric',
  logs: 'log',
};

/**
 * What the conventions call an exporter of OTLP: `otlp_grpc_span_exporter`.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/otel/#otel-component-attributes
 */
export function componentType(signal: Signal, { protocol }: OtlpSettings): string {
  return `${PROTOCOLS[protocol]}_${RECORDS[signal]}_exporter`;
}
