import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { errorCode } from '../../error-code.ts';
import type { Deadline } from '../deadline.ts';

export interface Page {
  readonly kind: 'page';
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The error code of a page that could not be fetched. */
export interface MissingPage {
  readonly kind: 'missing';
  readonly code: string;
}

const MAX_LENGTH = 16_384;

/**
 * Fetches a page, or its beginning, on a new connection. Does not follow redirects. Never rejects.
 *
 * Not with `fetch()`, whose errors have no code on Deno.
 */
export function fetchPage(url: string, deadline: Deadline): Promise<Page | MissingPage> {
  return new Promise((resolve) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    const outgoing = request(url, { agent: false }, (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = () => {
        const contentType = headers['content-type'] ?? '';
        settle({ kind: 'page', status, contentType, body: Buffer.concat(chunks).toString() });
      };
      incoming
        .on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > MAX_LENGTH) finish();
        })
        .on('end', finish)
        .on('error', fail);
    });
    const timer = setTimeout(
      () => settle({ kind: 'missing', code: 'ETIMEDOUT' }),
      Math.max(0, deadline - performance.now()),
    );
    function settle(page: Page | MissingPage): void {
      clearTimeout(timer);
      resolve(page);
      outgoing.destroy();
    }
    function fail(error: unknown): void {
      settle({ kind: 'missing', code: errorCode(error) });
    }
    outgoing.on('error', fail).end();
  });
}
