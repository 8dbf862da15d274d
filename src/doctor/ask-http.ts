import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Deadline, millisSince } from './deadline.ts';
import type { OtlpTarget } from './options.ts';
import type { TlsFiles } from './probe-tls.ts';
import { errorCode } from './show.ts';

/** What an empty OTLP request of our own was answered. */
export type HttpReply =
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      readonly location: string | null;
      readonly body: string;
    }
  | { readonly kind: 'timeout'; readonly millis: number; readonly status: number | null }
  | { readonly kind: 'no-answer'; readonly code: string };

const MAX_BODY = 16_384;

/**
 * Sends an export request without records, which is valid OTLP, to see the whole answer: of some
 * the SDK's exporter tells nothing but that it has tried again. Never rejects.
 */
export function askHttp(
  { url, protocol, headers }: Pick<OtlpTarget, 'url' | 'protocol' | 'headers'>,
  files: TlsFiles,
  deadline: Deadline,
): Promise<HttpReply> {
  const start = performance.now();
  const isJson = protocol === 'http/json';
  const body = isJson ? '{}' : '';
  const options = {
    ...files,
    method: 'POST',
    agent: false,
    headers: {
      ...headers,
      'content-type': isJson ? 'application/json' : 'application/x-protobuf',
      'content-length': body.length,
    },
  };

  return new Promise((resolve) => {
    let status: number | null = null;
    let stop = () => {};
    const timer = setTimeout(
      () => end({ kind: 'timeout', millis: millisSince(start), status }),
      Math.max(0, deadline - start),
    );
    function end(reply: HttpReply): void {
      clearTimeout(timer);
      resolve(reply);
      stop();
    }
    const fail = (error: unknown) => end({ kind: 'no-answer', code: errorCode(error) });
    try {
      const request = url.startsWith('https:') ? requestHttps : requestHttp;
      const outgoing = request(url, options, (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        status = incoming.statusCode ?? 0;
        const answer = () =>
          end({
            kind: 'http',
            status: status ?? 0,
            contentType: incoming.headers['content-type'] ?? '',
            retryAfter: incoming.headers['retry-after'] ?? null,
            location: incoming.headers.location ?? null,
            body: Buffer.concat(chunks).toString(),
          });
        incoming
          .on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size > MAX_BODY) answer();
          })
          .on('end', answer)
          .on('error', fail);
      });
      stop = () => void outgoing.destroy();
      outgoing.on('error', fail).end(body);
    } catch (error) {
      fail(error);
    }
  });
}
