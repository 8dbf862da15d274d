import { Buffer } from 'node:buffer';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import { MAX_ANSWER } from './transport.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined when it is longer than any that makes sense. */
  readonly body: Uint8Array | undefined;
}

/**
 * Sends a request and reads the whole answer.
 *
 * Rejects with the error of the connection when that ends before, and with a `TimeoutError` when the
 * time is over, whatever has come by then: `setTimeout()` of the request would wait for silence.
 * @param timeoutMillis `Infinity` is no limit
 */
export function exchange(
  outgoing: ClientRequest,
  body: Uint8Array,
  timeoutMillis: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const timer = Number.isFinite(timeoutMillis)
      ? setTimeout(() => giveUp(new DOMException('', 'TimeoutError')), timeoutMillis)
      : undefined;
    function giveUp(error: Error) {
      clearTimeout(timer);
      reject(error);
      outgoing.destroy();
    }
    outgoing.on('error', giveUp);
    // Deno 2.9 sends a request again if its kept connection ends, even if the request was destroyed.
    outgoing.on('socket', () => {
      outgoing.reusedSocket = false;
    });
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      const chunks: Uint8Array[] = [];
      let length = 0;
      incoming.on('error', giveUp);
      incoming.on('data', (chunk: Uint8Array) => {
        length += chunk.length;
        if (length <= MAX_ANSWER) return chunks.push(chunk);
        clearTimeout(timer);
        resolve({ status, headers, body: undefined });
        return outgoing.destroy();
      });
      incoming.on('end', () => {
        clearTimeout(timer);
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(body);
  });
}
