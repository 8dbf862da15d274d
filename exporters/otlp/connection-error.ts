import { addressOf } from './endpoint.ts';
import type { OtlpOptions } from './options.ts';

const PREFIX = 'OTEL_EXPORTER_OTLP';

type Cause = readonly [pattern: RegExp, meaning: string, remedy: string];

const SPEAKS_NO_HTTP: Cause = [
  /HPE_|parse error/i,
  'does not speak HTTP/1.1',
  `set ${PREFIX}_PROTOCOL=grpc for a port of gRPC, or write the port of OTLP over HTTP, mostly 4318`,
];
const SPEAKS_NO_GRPC: Cause = [
  /protocol error|no.?application.?protocol|EPIPE|failed to connect/i,
  'does not speak gRPC, or wants TLS',
  `write the port of gRPC, mostly 4317, or set ${PREFIX}_PROTOCOL=http/protobuf; with TLS write https://`,
];

/** What stands in an error of `node:http`, `node:tls` or gRPC, and what it means. The first counts. */
const CAUSES: readonly Cause[] = [
  [
    /ECONNREFUSED/,
    'is not there (connection refused)',
    `start a Collector, or correct ${PREFIX}_ENDPOINT`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|name resolution failed/i,
    'has a host that is not known',
    `correct ${PREFIX}_ENDPOINT`,
  ],
  [
    /expired/i,
    'has a certificate that has expired',
    "renew it, and see that this machine's clock is right",
  ],
  [
    /altname/i,
    'has a certificate for another host',
    `write a host that it names in ${PREFIX}_ENDPOINT`,
  ],
  [
    /unable.to.(?:verify|get.issuer)|self.signed|unknown ?issuer/i,
    'has a certificate that cannot be verified',
    `set ${PREFIX}_CERTIFICATE to that of its authority, and see that it has not expired`,
  ],
  [
    /alert.{0,99}(?:certificate|unknown.?ca)|certificate.?required/i,
    'does not accept our client certificate',
    `set ${PREFIX}_CLIENT_CERTIFICATE and ${PREFIX}_CLIENT_KEY`,
  ],
  [
    /PEM|X509|DECODER|invalid ca|key.values/i,
    'is not asked, since a file with a certificate or key cannot be used',
    `check ${PREFIX}_CERTIFICATE, ${PREFIX}_CLIENT_CERTIFICATE and ${PREFIX}_CLIENT_KEY`,
  ],
  [/wrong.version.number/i, 'does not speak TLS', `write http:// in ${PREFIX}_ENDPOINT`],
  [
    /ECONNRESET|EPIPE|socket hang up/i,
    'closed the connection',
    `see whether it wants https:// in ${PREFIX}_ENDPOINT`,
  ],
];

const RETRYABLE =
  /\b(?:EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)\b/;

/**
 * Whether a failed connection may be there a little later. A certificate will not be another.
 *
 * Of a server of HTTP/1.1 that answers gRPC and closes at once, Deno tells that it could not write (EPIPE)
 * before it reads the answer; Node and Bun tell of the answer, which is no HTTP/2. So on Deno it may be
 * tried again, which is told in the same words as where it is not.
 */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.test(textOf(error));
}

/** Code and message, in which HTTP/2 hides the code of what broke its connection. */
function textOf(error: unknown): string {
  const { code = '', message = error } = Object(error);
  return `${code} ${message}`.trim();
}

/** Says of an export that got no answer why, and what to do. Has neither capital nor full stop. */
export function explainFailure(cause: unknown, settings: OtlpOptions): Error {
  const text = textOf(cause);
  const protocol = settings.protocol === 'grpc' ? SPEAKS_NO_GRPC : SPEAKS_NO_HTTP;
  const [, meaning, remedy] = [protocol, ...CAUSES].find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    `cannot be reached (${text})`,
    `check ${PREFIX}_ENDPOINT`,
  ];
  return new Error(`${addressOf(settings)} ${meaning}: ${remedy}`, { cause });
}

/** Says that the time for an export is over; `name` tells it from other failures. */
export function timeoutError(settings: OtlpOptions): Error {
  const message = `${addressOf(settings)} gave no whole answer in time (${settings.timeoutMillis} ms): see what keeps it, or raise ${PREFIX}_TIMEOUT`;
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}
