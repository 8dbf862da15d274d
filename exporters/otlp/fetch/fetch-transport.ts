import type { Signal } from '../../exporter.ts';
import type { OtlpOptions } from '../../options.ts';
import { type HttpResponse, requestHeaders, toTransportResult } from '../http-response.ts';
import {
  failedResult,
  MAX_RESPONSE_LENGTH,
  responseTimeout,
  type Transport,
  type TransportResult,
} from '../transport.ts';

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Creates a transport that posts batches with `fetch()`, for platforms without `node:http`.
 *
 * It follows no redirect, because headers may contain credentials.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function openFetchTransport(_: Signal, settings: OtlpOptions): Transport {
  const headers = requestHeaders(settings);
  const { url, authorization } = withoutCredentials(settings.url);
  if (authorization !== undefined) headers.authorization ??= authorization;

  return {
    async send(data, timeoutMillis) {
      const abort = new AbortController();
      const timer =
        timeoutMillis < MAX_TIMER_MS ? setTimeout(() => abort.abort(), timeoutMillis) : undefined;
      let status: number | undefined;
      try {
        const body = settings.compression === 'gzip' ? await gzip(data) : data;
        const { signal } = abort;
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body: body as BodyInit,
          redirect: 'manual',
          signal,
        });
        status = response.status;
        return toTransportResult(await readResponse(response), settings);
      } catch (error) {
        return abort.signal.aborted
          ? failedResult(responseTimeout(status), settings)
          : connectionResult(error, settings);
      } finally {
        clearTimeout(timer);
      }
    },
    shutdown() {},
  };
}

/**
 * Returns the result of a request without a response. A retry may succeed: `fetch()` does not report
 * whether the connection was refused, reset, or never possible.
 */
function connectionResult(error: unknown, settings: OtlpOptions): TransportResult {
  const result = failedResult(error, settings);
  return result.status === 'success' ? result : { ...result, status: 'retryable' };
}

async function readResponse(response: Response): Promise<HttpResponse> {
  const { status, headers } = response;
  return {
    status,
    headers: {
      'content-type': headers.get('content-type') ?? undefined,
      'retry-after': headers.get('retry-after') ?? undefined,
      location: headers.get('location') ?? undefined,
    },
    body: await readBody(response),
  };
}

/** Reads the body; undefined if it is too long. */
async function readBody({ body }: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length <= MAX_RESPONSE_LENGTH) continue;
    await reader?.cancel();
    return undefined;
  }
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

async function gzip(data: Uint8Array): Promise<Uint8Array> {
  const compressed = new Response(data as BodyInit).body?.pipeThrough(
    new CompressionStream('gzip'),
  );
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** Moves credentials of a URL to a header: `fetch()` refuses such a URL. */
function withoutCredentials(url: string): { url: string; authorization?: string } {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return { url };
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const bytes = new TextEncoder().encode(
    `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  );
  return {
    url: bare.href,
    authorization: `Basic ${btoa(String.fromCharCode(...bytes))}`,
  };
}
