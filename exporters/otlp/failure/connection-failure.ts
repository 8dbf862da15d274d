import type { ExportFailure, FailureDescription } from '../../exporter.ts';
import type { OtlpVariables } from '../../options.ts';
import type { FailureContext } from './failure-context.ts';

const RETRYABLE =
  /\b(?:EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)\b/;

/** Returns the failure of an export whose connection had this error. */
export function connectionFailure(error: unknown): ExportFailure {
  const { code, message = error } = Object(error) as { code?: unknown; message?: unknown };
  return {
    kind: 'connection',
    ...(code !== undefined && { code: String(code) }),
    message: String(message),
  };
}

/**
 * Returns whether a retry may succeed after a connection failed: not after a rejected certificate.
 *
 * If an HTTP/1.1 server responds to gRPC and closes the connection, Deno reports EPIPE before it reads
 * the response, so it retries. Node and Bun report the response.
 */
export function isRetryable(failure: ExportFailure): boolean {
  return RETRYABLE.test(errorText(failure));
}

/** Returns code and message. Errors of HTTP/2 have the code of the cause in their message only. */
function errorText({ code = '', message = '' }: ExportFailure): string {
  return `${code} ${message}`.trim();
}

type Cause = readonly [pattern: RegExp, problem: string, fix: (variables: OtlpVariables) => string];

const HTTP_UNSUPPORTED: Cause = [
  /HPE_|parse error/i,
  'does not support HTTP/1.1',
  ({ protocol, endpoint }) =>
    `set ${protocol}=grpc if this is a gRPC port, or use the port for OTLP over HTTP in ${endpoint} (usually 4318)`,
];
const GRPC_UNSUPPORTED: Cause = [
  /protocol error|no.?application.?protocol|EPIPE|failed to connect/i,
  'does not support gRPC, or requires TLS',
  ({ protocol, endpoint }) =>
    `use the gRPC port in ${endpoint} (usually 4317), or set ${protocol}=http/protobuf; for TLS, use https://`,
];

/** Deno writes before it reads the server's reason, so that only the end of the connection is seen. */
const TLS_CLOSED: Cause = [
  /EPIPE/,
  'closed the connection, and may require a client certificate',
  ({ clientCertificate, clientKey, endpoint }) =>
    `set ${clientCertificate} and ${clientKey}, or check that ${endpoint} has the gRPC port`,
];

/** Patterns in errors of `node:http`, `node:http2` and `node:tls`. The first match wins. */
const CAUSES: readonly Cause[] = [
  [
    /ECONNREFUSED/,
    'refused the connection',
    ({ endpoint }) => `start a Collector there, or correct ${endpoint}`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|name resolution failed/i,
    'cannot be reached: its host name is unknown',
    ({ endpoint }) => `correct ${endpoint}`,
  ],
  [
    /expired/i,
    'has an expired certificate',
    () => 'renew the certificate, and check the clock of this machine',
  ],
  [
    /altname/i,
    'has a certificate for another host',
    ({ endpoint }) => `use a host that the certificate names in ${endpoint}`,
  ],
  [
    /unable.to.(?:verify|get.issuer)|self.signed|unknown ?issuer/i,
    'has a certificate that cannot be verified',
    ({ certificate }) =>
      `set ${certificate} to the certificate of its authority, and check that it has not expired`,
  ],
  [
    /alert.{0,99}(?:certificate|unknown.?ca)|certificate.?required/i,
    'does not accept the client certificate',
    ({ clientCertificate, clientKey }) => `set ${clientCertificate} and ${clientKey}`,
  ],
  [
    /ENOENT|EACCES|EISDIR|PEM|X509|DECODER|invalid ca|key.values/i,
    'was not contacted, because a certificate or key file cannot be used',
    ({ certificate, clientCertificate, clientKey }) =>
      `check ${certificate}, ${clientCertificate} and ${clientKey}`,
  ],
  [/wrong.version.number/i, 'does not support TLS', ({ endpoint }) => `use http:// in ${endpoint}`],
  [
    /ECONNRESET|EPIPE|socket hang up/i,
    'closed the connection',
    ({ endpoint }) => `check the server, and whether it requires https:// in ${endpoint}`,
  ],
];

/** Describes why an export got no response. */
export function describeConnectionFailure(
  failure: ExportFailure,
  { origin, protocol, variables }: FailureContext,
): FailureDescription {
  const text = errorText(failure);
  const first = protocol === 'grpc' ? GRPC_UNSUPPORTED : HTTP_UNSUPPORTED;
  const ofTls = protocol === 'grpc' && origin.startsWith('https:') ? [TLS_CLOSED] : [];
  const cause = [...ofTls, first, ...CAUSES].find(([pattern]) => pattern.test(text));
  if (cause === undefined) {
    return { problem: `${origin} cannot be reached: ${text}`, fix: `check ${variables.endpoint}` };
  }
  const [, problem, fix] = cause;
  return { problem: `${origin} ${problem}`, fix: fix(variables) };
}
