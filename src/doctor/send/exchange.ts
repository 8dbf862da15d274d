import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TlsFiles } from '../connect/probe-tls.ts';
import { type Deadline, millisSince } from '../deadline.ts';
import { errorCode } from '../show.ts';

/** What a request was answered. */
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

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: string;
  readonly files?: TlsFiles;
}

/**
 * One request on a connection of its own, redirects not followed. Never rejects. Not `fetch()`, whose
 * errors tell on Deno nothing but `Error`.
 */
export function exchange(
  { url, method, headers, body = '', files }: HttpRequest,
  deadline: Deadline,
): Promise<HttpReply> {
  const start = performance.now();
  const options = { ...files, method, agent: false, headers: { ...headers } };
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
