import type { ServerAddress } from '../exporter.ts';
import type { OtlpOptions } from './options.ts';

const PROTOCOLS: Readonly<Record<OtlpOptions['protocol'], string>> = {
  'http/protobuf': 'OTLP',
  'http/json': 'OTLP as JSON',
  grpc: 'OTLP over gRPC',
};

/** Protocol and address, for a person. */
export function describeDestination(settings: OtlpOptions): string {
  return `${PROTOCOLS[settings.protocol]} ${addressOf(settings)}`;
}

/** Returns the host and the port that a signal is sent to. */
export function serverOf({ url }: OtlpOptions): ServerAddress {
  const { hostname, port, protocol } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  return { address, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** The URL without a password or a query, which may be a secret, too. */
export function addressOf({ url, protocol }: OtlpOptions): string {
  const { origin, pathname } = new URL(url);
  return protocol === 'grpc' ? origin : `${origin}${pathname}`;
}
