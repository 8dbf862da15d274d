import type { Agent, request } from 'node:http';
import type { Signal } from '../../exporter.ts';
import type { OtlpOptions } from '../../options.ts';
import { loadCompressor } from '../compression.ts';
import { readCredentials } from '../credentials.ts';
import { requestHeaders, toTransportResult } from '../http-response.ts';
import { failedResult, type Transport } from '../transport.ts';
import { sendRequest } from './http-request.ts';

/** Created once, for the first batch. */
interface Client {
  readonly agent: Agent;
  readonly request: typeof request;
  readonly compress: Awaited<ReturnType<typeof loadCompressor>>;
}

/**
 * Creates a transport that posts batches over HTTP/1.1 and keeps its connections.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function openHttpTransport(_: Signal, settings: OtlpOptions): Transport {
  const url = new URL(settings.url);
  const headers = requestHeaders(settings);
  let opening: Promise<Client> | undefined;

  return {
    async send(data, timeoutMillis) {
      try {
        // A failure may be temporary, such as an unreadable certificate: the next batch retries.
        opening ??= openClient(settings).catch((error) => {
          opening = undefined;
          throw error;
        });
        const { agent, request, compress } = await opening;
        const body = await compress(data);
        const outgoing = request(url, {
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': body.length },
        });
        return toTransportResult(await sendRequest(outgoing, body, timeoutMillis), settings);
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
  return { agent, request, compress: await loadCompressor(settings.compression) };
}
