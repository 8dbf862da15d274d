import type { Signal } from '../exporter.ts';
import type { OtlpOptions } from './options.ts';

const PROTOCOLS: Readonly<Record<OtlpOptions['protocol'], string>> = {
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
 * Returns the value of `otel.component.type`, such as `otlp_grpc_span_exporter`.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/otel/#otel-component-attributes
 */
export function componentType(signal: Signal, { protocol }: OtlpOptions): string {
  return `${PROTOCOLS[protocol]}_${RECORDS[signal]}_exporter`;
}
