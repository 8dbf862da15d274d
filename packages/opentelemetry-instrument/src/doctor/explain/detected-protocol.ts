import type { Cause, Speaks } from '../diagnosis.ts';
import { assignEndpoint, type Circumstances } from './setting-names.ts';

/** Why an open port gives no answer that an exporter understands. */
export function explainSpeech(
  { code, speaks }: { readonly code: string; readonly speaks: Speaks },
  { url, protocol, names }: Circumstances,
): Cause {
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return {
      because: `the server refuses our side of the TLS handshake (${code}).`,
      change: `Set ${names.clientCertificate} and ${names.clientKey} to what it knows.`,
    };
  }
  switch (speaks.kind) {
    case 'tls':
      return {
        because: 'the URL says http://, but the server speaks TLS.',
        change: `Set ${assignEndpoint(names, url.replace(/^http:/, 'https:'))}`,
      };
    case 'http/2':
      if (protocol === 'grpc') break;
      return {
        because: `the server speaks HTTP/2 only, as gRPC does, and ${protocol} is sent over HTTP/1.1.`,
        change: `Use the port of OTLP over HTTP (4318) in ${names.endpoint}, or set ${names.protocol}=grpc`,
      };
    case 'http/1.1':
      if (protocol !== 'grpc') break;
      return {
        because: 'the server speaks HTTP/1.1, and gRPC needs HTTP/2.',
        change: `Use gRPC's port (4317) in ${names.endpoint}, or set ${names.protocol}=http/protobuf`,
      };
    case 'other':
      return {
        because: `something else than OTLP listens there: it says "${speaks.banner}".`,
        change: `Correct host and port in ${names.endpoint}.`,
      };
    case 'closes':
      return {
        because: `the connection is taken and closed without an answer (${code}).`,
        change: 'Look behind it: a published port or a proxy with nothing behind it does so.',
      };
    case 'silent':
      return {
        because: `the connection is taken and nothing answers (${code}).`,
        change: `Look what listens there, and at host and port in ${names.endpoint}.`,
      };
  }
  return {
    because: `the server cuts the connection before it has answered (${code}).`,
    change: "Look at the server's own log.",
  };
}
