import type { OtlpSettings } from '../../src/settings.ts';
import type { ServerAddress } from '../../src/telemetry/exporter.ts';

const PROTOCOLS: Readonly<Record<OtlpSettings['protocol'], string>> = {
  'http/protobuf': 'OTLP',
  'http/json': 'OTLP as JSON',
  grpc: 'OTLP over gRPC',
};

/** Protocol and address, for a person. */
export function describeDestination(settings: OtlpSettings): string {
  return `${PROTOCOLS[settings.protocol]} ${addressOf(settings)}`;
}

/** Returns the host and the port that a signal is sent to. */
export function serverOf({ url }: OtlpSettings): ServerAddress {
  const { hostname, port, protocol } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  return { address, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** The URL without a password or a query, which may be a secret, too. */
export function addressOf({ url, protocol }: OtlpSettings): string {
  const { origin, pathname } = new URL(url);
  return protocol === 'grpc' ? origin : `${origin}${pathname}`;
}
