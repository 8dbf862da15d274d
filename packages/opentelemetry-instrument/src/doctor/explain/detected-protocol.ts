import { assignEndpoint } from 'opentelemetry-instrument-exporters/otlp';
import type { Cause, DetectedProtocol } from '../diagnosis.ts';
import type { ExplainContext } from './context.ts';

/** Explains why an open port does not respond with OTLP. */
export function explainDetectedProtocol(
  { code, speaks }: { readonly code: string; readonly speaks: DetectedProtocol },
  { url, protocol, variables }: ExplainContext,
): Cause {
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return {
      because: `the server rejects the client certificate or its absence (${code}).`,
      change: `Set ${variables.clientCertificate} and ${variables.clientKey} to a certificate that it accepts.`,
    };
  }
  switch (speaks.kind) {
    case 'tls':
      return {
        because: 'the URL has http://, but the server requires TLS.',
        change: `Set ${assignEndpoint(variables, url.replace(/^http:/, 'https:'))}`,
      };
    case 'http/2':
      if (protocol === 'grpc') break;
      return {
        because: `the server supports only HTTP/2, as for gRPC, but ${protocol} uses HTTP/1.1.`,
        change: `Use the port for OTLP over HTTP (4318) in ${variables.endpoint}, or set ${variables.protocol}=grpc`,
      };
    case 'http/1.1':
      if (protocol !== 'grpc') break;
      return {
        because: 'the server supports only HTTP/1.1, but gRPC requires HTTP/2.',
        change: `Use the gRPC port (4317) in ${variables.endpoint}, or set ${variables.protocol}=http/protobuf`,
      };
    case 'other':
      return {
        because: `something other than OTLP is listening there: "${speaks.banner}".`,
        change: `Correct the host and port in ${variables.endpoint}.`,
      };
    case 'closes':
      return {
        because: `the server accepts the connection and closes it without a response (${code}).`,
        change:
          'Check what is behind it: this is typical of a published port or a proxy without a server.',
      };
    case 'silent':
      return {
        because: `the server accepts the connection but does not respond (${code}).`,
        change: `Check the server, and the host and port in ${variables.endpoint}.`,
      };
  }
  return {
    because: `the server closes the connection before it responds (${code}).`,
    change: "Check the server's log.",
  };
}
