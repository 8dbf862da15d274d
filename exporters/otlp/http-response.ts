import { diag } from '@opentelemetry/api';
import type { ExportFailure } from '../exporter.ts';
import type { OtlpOptions } from '../options.ts';
import { addressOf } from './endpoint.ts';
import { sanitizeMessage } from './failure/index.ts';
import { decodeMessage, RPC_STATUS } from './protobuf/index.ts';
import { parseRetryAfter } from './retry-after.ts';
import { RETRYABLE_STATUSES, type TransportResult, USER_AGENT } from './transport.ts';

const CONTENT_TYPES = {
  'http/protobuf': 'application/x-protobuf',
  'http/json': 'application/json',
  grpc: 'application/grpc',
};

/** A complete response of a collector. */
export interface HttpResponse {
  readonly status: number;
  /** Headers by their lowercase names, at least the ones that are read. */
  readonly headers: {
    readonly 'content-type'?: string | undefined;
    readonly 'retry-after'?: string | undefined;
    readonly location?: string | undefined;
  };
  /** Undefined if it is too long. */
  readonly body: Uint8Array | undefined;
}

/** Returns the headers of every export request of a signal. */
export function requestHeaders(settings: OtlpOptions): Record<string, string> {
  return {
    ...settings.headers,
    'user-agent': USER_AGENT,
    'content-type': CONTENT_TYPES[settings.protocol],
    ...(settings.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
}

/** Returns the outcome of a request that got this response. */
export function toTransportResult(
  { status, headers, body }: HttpResponse,
  settings: OtlpOptions,
): TransportResult {
  if (body === undefined) return { status: 'failure', failure: { kind: 'oversized-response' } };
  const contentType = (headers['content-type'] ?? '').replace(/;.*/s, '').trim().toLowerCase();
  if (status < 200 || status > 299 || contentType === 'text/html') {
    const failure: ExportFailure = {
      kind: 'http',
      status,
      contentType,
      location: sanitizeLocation(headers.location, settings),
      retryAfterMillis: parseRetryAfter(headers['retry-after']),
      message: sanitizeMessage(readMessage(contentType, body), settings),
    };
    return { status: RETRYABLE_STATUSES.has(status) ? 'retryable' : 'failure', failure };
  }
  const expected = CONTENT_TYPES[settings.protocol];
  if (contentType === expected || body.length === 0) return { status: 'success', data: body };
  diag.warn(
    `${addressOf(settings)} accepted an export, but responded with ${contentType || 'no content type'} instead of ${expected}, so rejected records are not counted: check that the server is a Collector.`,
  );
  return { status: 'success' };
}

/** Returns the target of a redirect as an absolute URL without credentials and query. */
function sanitizeLocation(
  location: string | undefined,
  { url, protocol }: OtlpOptions,
): string | undefined {
  if (location === undefined || !URL.canParse(location, url)) return undefined;
  return addressOf({ url: new URL(location, url).href, protocol });
}

/**
 * Returns the reason that a server gives for a failure: the message of the `google.rpc.Status` in the
 * body, or the plain text of a proxy. Returns an empty string if there is none.
 * @param contentType in lower case, without parameters
 * @see https://opentelemetry.io/docs/specs/otlp/#failures
 */
function readMessage(contentType: string, body: Uint8Array): string {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    if (contentType === 'text/plain' || contentType === '') return decoder.decode(body);
    if (contentType === 'application/json') {
      const { message } = JSON.parse(decoder.decode(body));
      return typeof message === 'string' ? message : '';
    }
    if (contentType === 'application/x-protobuf') {
      const { message } = decodeMessage(body, RPC_STATUS);
      return message instanceof Uint8Array ? decoder.decode(message) : '';
    }
  } catch {
    // The body does not match its content type.
  }
  return '';
}
