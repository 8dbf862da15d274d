import type { Agent, request } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { Signal } from '../exporter.ts';
import { loadEncoder } from './compression.ts';
import { readCredentials } from './credentials.ts';
import { addressOf } from './endpoint.ts';
import type { ExportFailure } from './export-failure.ts';
import { type HttpResponse, sendRequest } from './http-request.ts';
import type { OtlpOptions } from './options.ts';
import { readMessage } from './read-message.ts';
import { parseRetryAfter } from './retry-after.ts';
import { sanitizeMessage } from './sanitize-message.ts';
import {
  failedResult,
  RETRYABLE_STATUSES,
  type Transport,
  type TransportResult,
  USER_AGENT,
} from './transport.ts';

const CONTENT_TYPES = {
  'http/protobuf': 'application/x-protobuf',
  'http/json': 'application/json',
  grpc: 'application/grpc',
};

/** Created once, for the first batch. */
interface Client {
  readonly agent: Agent;
  readonly request: typeof request;
  readonly encode: Awaited<ReturnType<typeof loadEncoder>>;
}

/**
 * Creates a transport that posts batches over HTTP/1.1 and keeps its connections.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function openHttpTransport(_: Signal, settings: OtlpOptions): Transport {
  const url = new URL(settings.url);
  const headers = {
    ...settings.headers,
    'user-agent': USER_AGENT,
    'content-type': CONTENT_TYPES[settings.protocol],
    ...(settings.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  let opening: Promise<Client> | undefined;

  return {
    async send(data, timeoutMillis) {
      try {
        // A failure may be temporary, such as an unreadable certificate: the next batch retries.
        opening ??= openClient(settings).catch((error) => {
          opening = undefined;
          throw error;
        });
        const { agent, request, encode } = await opening;
        const body = await encode(data);
        const outgoing = request(url, {
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': body.length },
        });
        return toResult(await sendRequest(outgoing, body, timeoutMillis), settings);
      } catch (error) {
        return failedResult(error, settings);
      }
    },
    shutdown() {
      opening?.then(({ agent }) => agent.destroy()).catch(() => {});
    },
  };
}

async function openClient(settings: OtlpOptions): Promise<Client> {
  const isSecure = settings.url.startsWith('https:');
  const { request, Agent } = isSecure ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: true, ...(isSecure && readCredentials(settings)) });
  return { agent, request, encode: await loadEncoder(settings.compression) };
}

function toResult(response: HttpResponse, settings: OtlpOptions): TransportResult {
  const { status, headers, body } = response;
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
