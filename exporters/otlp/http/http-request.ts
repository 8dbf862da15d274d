import { Buffer } from 'node:buffer';
import type { ClientRequest } from 'node:http';
import type { HttpResponse } from '../http-response.ts';
import { MAX_RESPONSE_LENGTH, responseTimeout } from '../transport.ts';

/**
 * Sends a request and reads the whole response.
 *
 * Rejects with the error of the connection if it ends before the response is complete, and with
 * `responseTimeout()` after the time limit. `setTimeout()` of the request would limit idle time only.
 * @param timeoutMillis time limit; `Infinity` means no limit
 */
export function sendRequest(
  outgoing: ClientRequest,
  body: Uint8Array,
  timeoutMillis: number,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let responseStatus: number | undefined;
    const timer = Number.isFinite(timeoutMillis)
      ? setTimeout(() => abandon(responseTimeout(responseStatus)), timeoutMillis)
      : undefined;
    function abandon(error: Error) {
      clearTimeout(timer);
      reject(error);
      outgoing.destroy();
    }
    outgoing.on('error', abandon);
    // Deno 2.9 sends a request again if its kept connection ends, even if the request was destroyed.
    outgoing.on('socket', () => {
      outgoing.reusedSocket = false;
    });
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      responseStatus = status;
      const chunks: Uint8Array[] = [];
      let length = 0;
      incoming.on('error', abandon);
      incoming.on('data', (chunk: Uint8Array) => {
        length += chunk.length;
        if (length <= MAX_RESPONSE_LENGTH) return chunks.push(chunk);
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
