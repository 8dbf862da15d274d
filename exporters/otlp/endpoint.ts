import type { ServerAddress, Signal } from '../exporter.ts';
import type { OtlpOptions } from '../options.ts';

const PROTOCOLS: Readonly<Record<OtlpOptions['protocol'], string>> = {
  'http/protobuf': 'OTLP',
  'http/json': 'OTLP as JSON',
  grpc: 'OTLP over gRPC',
};

/** Returns the protocol and the URL, human-readable. */
export function describeEndpoint(settings: OtlpOptions): string {
  return `${PROTOCOLS[settings.protocol]} ${addressOf(settings)}`;
}

/** Returns the host and the port that a signal is sent to. */
export function serverOf({ url }: OtlpOptions): ServerAddress {
  const { hostname, port, protocol } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  return { address, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Returns the URL without credentials and query, which may be secret. */
export function addressOf({ url, protocol }: Pick<OtlpOptions, 'url' | 'protocol'>): string {
  const { origin, pathname } = new URL(url);
  return protocol === 'grpc' ? origin : `${origin}${pathname}`;
}

/** Returns scheme, host and port. */
export function originOf({ url }: OtlpOptions): string {
  return new URL(url).origin;
}

const COMPONENT_PROTOCOLS: Readonly<Record<OtlpOptions['protocol'], string>> = {
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
  return `${COMPONENT_PROTOCOLS[protocol]}_${RECORDS[signal]}_exporter`;
}
