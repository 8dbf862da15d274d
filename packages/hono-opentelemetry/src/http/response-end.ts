import { context, type Context as SpanContext } from '@opentelemetry/api';
import type { Context } from 'hono';
import type { Outgoing, ServerEnv } from './server-env.ts';

/** The reason that a response was not sent completely. */
export interface CutShort {
  /** Value of `error.type`, unless an exception determines it. */
  readonly type?: string;
  readonly exception?: { readonly thrown: unknown };
}

/**
 * Receives the end of a response, once.
 * @param status the status that was sent, if the server reports it
 * @param cutShort the reason that the response was not sent completely
 */
export type EndListener = (status?: number, cutShort?: CutShort) => void;

/** The client disconnected before it had received the whole response. */
const CLIENT_DISCONNECTED: CutShort = { type: 'client_disconnected' };

/**
 * Calls `end` once when the response was sent completely or cut short, or the client has disconnected.
 *
 * Node reports all three. On other runtimes, bodies that are streams by their headers are watched. For
 * other bodies, Deno reports the end; Bun and `app.request()` report nothing.
 *
 * Streams are read in the context of the request, so that the work of an async generator or of `pull()`
 * belongs to it.
 *
 * @param spanContext the context of the request
 * @param hasResponse false if `c` has no response because Hono or the server creates it later
 */
export function onResponseEnd(
  c: Context,
  env: ServerEnv,
  hasResponse: boolean,
  spanContext: SpanContext,
  end: EndListener,
): void {
  const { outgoing, completed } = env;
  // The headers come first: to inspect a body, @hono/node-server has to create it.
  const isStreamed = hasResponse && c.req.method !== 'HEAD' && isStream(c.res) && !c.res.bodyUsed;
  if (outgoing !== undefined) {
    if (isStreamed) replaceBody(c, spanContext);
    const close = () => endOnClose(c, outgoing, end);
    const { closed, destroyed } = outgoing.stream ?? outgoing;
    // Responses of Deno have no `closed`. A client that left earlier has closed them already.
    if (closed ?? destroyed) close();
    else outgoing.once('close', close);
  } else if (hasResponse && c.res.bodyUsed) {
    // Nothing is left to send.
    end(500);
  } else if (isStreamed) {
    if (c.res.body === null) end();
    // Other code reads the body, so the server cannot.
    else if (c.res.body.locked) end(500);
    else replaceBody(c, spanContext, end);
  } else if (completed !== undefined) {
    const close = () => end();
    completed.then(close, close);
  } else if (c.req.raw.signal.aborted) {
    end(undefined, CLIENT_DISCONNECTED);
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
  else end(status, CLIENT_DISCONNECTED);
}

/** Returns true if an error only means that the client has reset an HTTP/2 stream. */
function isReset(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ERR_HTTP2_STREAM_ERROR';
}

/**
 * Returns true if the headers show that the body is a stream.
 *
 * The body itself cannot be inspected: on Bun, reading `Response.body` of a string turns it into a
 * stream of bytes. `streamText()` and `streamSSE()` set `Transfer-Encoding: chunked`.
 */
function isStream(response: Response): boolean {
  const { headers } = response;
  if (headers.has('content-length')) return false;
  if (headers.get('transfer-encoding')?.includes('chunked')) return true;
  const type = headers.get('content-type');
  if (type === null) return setsTextType();
  return isEventStream(response) || type.includes('ndjson');
}

/** Returns true for server-sent events, which end when the client disconnects. */
function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

let isTypeSet: boolean | undefined;

/**
 * Returns true if the runtime sets the `Content-Type` of a string when a response is created, as the
 * Fetch standard requires. Then a response without one is a stream or has no body. Bun sets it when it
 * sends the response.
 */
export function setsTextType(): boolean {
  isTypeSet ??= new Response('').headers.has('content-type');
  return isTypeSet;
}

/** Replaces the body of a response by one that is read in the context of the request. */
function replaceBody(c: Context, spanContext: SpanContext, end?: EndListener): void {
  const { res } = c;
  if (res.body === null || res.body.locked) return;
  const cutShort = isEventStream(res) ? undefined : CLIENT_DISCONNECTED;
  const body = watchBody(res.body, spanContext, cutShort, end);
  // Setting `c.res` copies the headers of the previous response, so unset it first.
  c.res = undefined;
  c.res = new Response(body, res);
}

function watchBody(
  source: ReadableStream<Uint8Array>,
  spanContext: SpanContext,
  cutShort: CutShort | undefined,
  end?: EndListener,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let isCancelled = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await context.with(spanContext, () => reader.read());
        // Cancelling settles a pending read.
        if (isCancelled) return;
        if (!done) return controller.enqueue(value);
        controller.close();
        end?.();
      } catch (thrown) {
        if (isCancelled) return;
        controller.error(thrown);
        end?.(undefined, { exception: { thrown } });
      }
    },
    cancel(reason) {
      isCancelled = true;
      end?.(undefined, cutShort);
      return context.with(spanContext, () => reader.cancel(reason));
    },
  });
}
