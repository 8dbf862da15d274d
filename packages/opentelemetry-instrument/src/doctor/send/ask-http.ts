import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TlsFiles } from '../connect/probe-tls.ts';
import type { Deadline } from '../deadline.ts';
import type { OtlpTarget } from '../options.ts';
import { type Reply, replyBefore } from './reply.ts';

/**
 * Sends an export request without records, which is valid OTLP, to see the whole answer: of some
 * the SDK's exporter tells nothing but that it has tried again. Never rejects.
 */
export function askHttp(
  { url, protocol, headers }: Pick<OtlpTarget, 'url' | 'protocol' | 'headers'>,
  files: TlsFiles,
  deadline: Deadline,
): Promise<Reply> {
  const isJson = protocol === 'http/json';
  const body = isJson ? '{}' : '';
  const own = {
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
    'content-length': String(body.length),
  };
  return exchange({ url, method: 'POST', headers: { ...headers, ...own }, body, files }, deadline);
}

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: string;
  readonly files?: TlsFiles;
}

const MAX_BODY = 16_384;

/**
 * One request on a connection of its own, redirects not followed. Never rejects. Not `fetch()`, whose
 * errors tell on Deno nothing but `Error`.
 */
export function exchange(
  { url, method, headers, body = '', files }: HttpRequest,
  deadline: Deadline,
): Promise<Reply> {
  return replyBefore(deadline, ({ begin, end, fail }) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    const options = { ...files, method, agent: false, headers: { ...headers } };
    const outgoing = request(url, options, (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      const chunks: Buffer[] = [];
      let size = 0;
      begin(status);
      const answer = () =>
        end({
          kind: 'http',
          status,
          contentType: headers['content-type'] ?? '',
          retryAfter: headers['retry-after'] ?? null,
          location: headers.location ?? null,
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
    outgoing.on('error', fail).end(body);
    return () => outgoing.destroy();
  });
}
