import type { Context } from 'hono';
import type { Outgoing, ServerEnv } from './server-env.ts';

/** Why a response was not sent whole. */
export interface CutShort {
  /** Value of `error.type`, where no exception gives it. */
  readonly type?: string;
  readonly exception?: { readonly thrown: unknown };
}

/**
 * Called once when a response has ended.
 * @param status what the server has sent, if it reports that
 */
export type EndListener = (status?: number, cutShort?: CutShort) => void;

/** The client went away before it had the whole response. */
const CLIENT_GONE: CutShort = { type: 'client_disconnected' };

/**
 * Calls `end` once when the response has left whole, was cut short, or the client has gone.
 *
 * Node reports all three. Elsewhere a body that is recognisably a stream is passed through and
 * watched; of the rest Deno reports the end, and Bun and `app.request()` nothing.
 *
 * @param isAnswered false when `c` has no response, as Hono or the server makes it later
 */
export function whenResponseEnds(
  c: Context,
  env: ServerEnv,
  isAnswered: boolean,
  end: EndListener,
): void {
  const { outgoing, completed } = env;
  if (outgoing !== undefined) {
    const close = () => endOnClose(c, outgoing, end);
    if ((outgoing.stream ?? outgoing).closed) close();
    else outgoing.once('close', close);
  } else if (isAnswered && c.res.bodyUsed) {
    // Nothing is left to send.
    end(500);
  } else if (isAnswered && c.req.method !== 'HEAD' && isStream(c.res)) {
    // Setting c.res copies headers from the response before: the copy must start from none.
    const watched = watchBody(c.res, end);
    if (watched === c.res) return;
    c.res = undefined;
    c.res = watched;
  } else if (completed !== undefined) {
    const close = () => end();
    completed.then(close, close);
  } else if (c.req.raw.signal.aborted) {
    end(undefined, CLIENT_GONE);
  } else {
    end();
  }
}

function endOnClose(c: Context, outgoing: Outgoing, end: EndListener): void {
  const { writableFinished, errored, rstCode = 0 } = outgoing.stream ?? outgoing;
  const status = outgoing.headersSent ? outgoing.statusCode : undefined;
  // An HTTP/2 stream that the client resets counts as finished.
  if (writableFinished && rstCode === 0) end(status);
  else if (errored && !isReset(errored)) end(status, { exception: { thrown: errored } });
  else if (c.finalized && isEventStream(c.res)) end(status);
  else end(status, CLIENT_GONE);
}

/** Whether an error says nothing but that the client has reset an HTTP/2 stream. */
function isReset(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ERR_HTTP2_STREAM_ERROR';
}

/**
 * Whether a body is sent piece by piece, as far as the headers tell.
 *
 * The body itself must not be asked: on Bun reading `Response.body` of a text turns it into a stream
 * of bytes. A stream that carries the type of a whole page is recognised by `Transfer-Encoding:
 * chunked`, which `streamText()` and `streamSSE()` set.
 */
function isStream(response: Response): boolean {
  const { headers } = response;
  if (headers.has('content-length')) return false;
  if (headers.get('transfer-encoding')?.includes('chunked')) return true;
  const type = headers.get('content-type');
  if (type === null) return isTextTyped();
  return isEventStream(response) || type.includes('ndjson');
}

/** Whether a response has no end of its own: clients leave server-sent events when they like. */
function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

let textIsTyped: boolean | undefined;

/**
 * Whether a text gets its `Content-Type` when the response is made, as the Fetch standard wants, so
 * that a response without one is a stream or has no body. Bun adds it when it sends.
 */
export function isTextTyped(): boolean {
  textIsTyped ??= new Response('').headers.has('content-type');
  return textIsTyped;
}

function watchBody(response: Response, end: EndListener): Response {
  if (response.body === null) {
    end();
    return response;
  }
  if (response.body.locked) {
    // Somebody else reads it, so the server cannot.
    end(500);
    return response;
  }
  const reader = response.body.getReader();
  const gone = isEventStream(response) ? undefined : CLIENT_GONE;
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
      } catch (thrown) {
        if (isCancelled) return;
        controller.error(thrown);
        end(undefined, { exception: { thrown } });
      }
    },
    cancel(reason) {
      isCancelled = true;
      end(undefined, gone);
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
