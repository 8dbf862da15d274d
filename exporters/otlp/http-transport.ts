import type { Agent, request } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { Signal } from '../exporter.ts';
import { loadEncoder } from './compression.ts';
import { explainFailure, isRetryable, timeoutError } from './connection-error.ts';
import { readCredentials } from './credentials.ts';
import { addressOf } from './endpoint.ts';
import { exchange, type HttpAnswer } from './http-request.ts';
import type { OtlpOptions } from './options.ts';
import { readMessage } from './read-message.ts';
import { explainAnswer, hugeAnswer } from './response-error.ts';
import { parseRetryAfter } from './retry-after.ts';
import {
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

/** What is made once, when the first batch leaves. */
interface Client {
  readonly agent: Agent;
  readonly request: typeof request;
  readonly encode: Awaited<ReturnType<typeof loadEncoder>>;
}

/**
 * Posts batches over HTTP/1.1, on connections that are kept.
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
        // What failed, a certificate that cannot be read for the moment, is tried anew by the next batch.
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
        return judge(await exchange(outgoing, body, timeoutMillis), settings);
      } catch (error) {
        if ((error as Error).name === 'TimeoutError') {
          return { status: 'failure', error: timeoutError(settings) };
        }
        const status = isRetryable(error) ? 'retryable' : 'failure';
        return { status, error: explainFailure(error, settings) };
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

function judge({ status, headers, body }: HttpAnswer, settings: OtlpOptions): TransportResult {
  if (body === undefined) return { status: 'failure', error: hugeAnswer(settings) };
  const contentType = (headers['content-type'] ?? '').replace(/;.*/s, '').trim().toLowerCase();
  const { location } = headers;
  const explain = () => {
    const message = readMessage(contentType, body);
    const error = explainAnswer({ status, contentType, location, message }, settings);
    return Object.assign(error, { code: String(status) });
  };
  if (RETRYABLE_STATUSES.has(status)) {
    const retryInMillis = parseRetryAfter(headers['retry-after']);
    return {
      status: 'retryable',
      error: explain(),
      ...(retryInMillis !== undefined && { retryInMillis }),
    };
  }
  if (status < 200 || status > 299 || contentType === 'text/html') {
    return { status: 'failure', error: explain() };
  }
  const expected = CONTENT_TYPES[settings.protocol];
  if (contentType === expected || body.length === 0) return { status: 'success', data: body };
  diag.warn(
    `${addressOf(settings)} accepts what it is sent, but answers with ${contentType || 'no content type'} in place of ${expected}, so rejections are not counted: see whether that is a Collector.`,
  );
  return { status: 'success' };
}
