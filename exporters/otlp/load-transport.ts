import type { OtlpOptions } from './options.ts';
import type { OpenTransport } from './transport.ts';

/** Imports the transport of a protocol. The code of gRPC is larger than all other telemetry code. */
export async function loadTransport(protocol: OtlpOptions['protocol']): Promise<OpenTransport> {
  if (protocol === 'grpc') return (await import('./grpc-transport.ts')).openGrpcTransport;
  return (await import('./http-transport.ts')).openHttpTransport;
}
