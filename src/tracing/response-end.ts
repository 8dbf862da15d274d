import type { Context } from 'hono';
import type { ServerEnv } from './server-env.ts';

/** Called once when a response has ended; with an error when the server cut it short. */
export type EndListener = (error?: unknown) => void;

/**
 * Calls `end` once when the response has left whole, was cut short, or the client has gone.
 *
 * Node tells all three. Elsewhere a body that is recognisably a stream is passed through and
 * watched; for the rest Deno tells the end, and Bun and `app.request()` send at once.
 */
export function whenResponseEnds(c: Context, env: ServerEnv, end: EndListener): void {
  const { outgoing, completed } = env;
  if (outgoing !== undefined) {
    const close = () =>
      end(outgoing.writableFinished ? undefined : (outgoing.errored ?? undefined));
    if (outgoing.closed) close();
    else outgoing.once('close', close);
  } else if (c.req.method !== 'HEAD' && isStream(c.res)) {
    // Setting c.res copies headers from the response before: the copy must start from none.
    const watched = watchBody(c.res, end);
    c.res = undefined;
    c.res = watched;
  } else if (completed !== undefined) {
    // Deno rejects it when the client has gone.
    const close = () => end();
    completed.then(close, close);
  } else {
    end();
  }
}

/**
 * Whether a body is sent piece by piece, as far as the headers tell.
 *
 * The body itself must not be asked: on Bun reading `Response.body` of a text turns it into a stream
 * of bytes. A stream that carries the type of a whole page is recognised by `Transfer-Encoding:
 * chunked`, which `streamText()` and `streamSSE()` set.
 */
function isStream({ headers }: Response): boolean {
  if (headers.has('content-length')) return false;
  if (headers.get('transfer-encoding')?.includes('chunked')) return true;
  const type = headers.get('content-type');
  if (type === null) return isTextTyped();
  return type.startsWith('text/event-stream') || type.includes('ndjson');
}

let textIsTyped: boolean | undefined;

/**
 * Whether a text gets its `Content-Type` when the response is made, as the Fetch standard wants, so
 * that a response without one is a stream. Bun adds it when it sends.
 */
function isTextTyped(): boolean {
  textIsTyped ??= new Response('').headers.has('content-type');
  return textIsTyped;
}

function watchBody(response: Response, end: EndListener): Response {
  if (response.body === null) {
    end();
    return response;
  }
  const reader = response.body.getReader();
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        // Cancelling settles a read that is under way.
        if (isCancelled) return;
        if (!done) return controller.enqueue(value);
        controller.close();
        end();
      } catch (error) {
        if (isCancelled) return;
        controller.error(error);
        end(error);
      }
    },
    cancel(reason) {
      isCancelled = true;
      end();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
