import type { OtlpProtocol } from '../../exporters/index.ts';

/** The protocols of OTLP. */
export const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;

/** Returns which of its two ports a Collector has for a protocol. */
export function transportOf(protocol: OtlpProtocol): 'http' | 'grpc' {
  return protocol === 'grpc' ? 'grpc' : 'http';
}
