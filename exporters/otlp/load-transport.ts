import type { OtlpOptions } from './options.ts';
import type { OpenTransport } from './transport.ts';

/** Imports the transport of a protocol. That of gRPC loads `node:http2`. */
export async function loadTransport(protocol: OtlpOptions['protocol']): Promise<OpenTransport> {
  if (protocol === 'grpc') return (await import('./grpc-transport.ts')).openGrpcTransport;
  return (await import('./http-transport.ts')).openHttpTransport;
}
