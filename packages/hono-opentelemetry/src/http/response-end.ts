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

/** A request that ends with its response. */
export interface PendingRequest {
  readonly c: Context;
  /** The context in which the handlers run. */
  readonly spanContext: SpanContext;
  /** True if a handler makes the request within the process. Its response goes to that handler. */
  readonly isInner: boolean;
  /** Ends the span, if it is ours, and records the duration. Never throws. */
  readonly end: EndListener;
  /**
   * Creates a function that ends the span as of now, and does not refer to the response. Undefined if the
   * owner of the span ends it.
   */
  createDropListener?(): () => void;
}

/** The client disconnected before it had received the whole response. */
const CLIENT_DISCONNECTED: CutShort = { type: 'client_disconnected' };

/** Statuses of responses that never have a body. */
export const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * Calls `end` once when the response was sent completely or cut short, or the client has disconnected.
 *
 * Node reports all three. On other runtimes, bodies that are streams by their headers are watched. For
 * other bodies, Deno reports the end; Bun and `app.request()` report nothing.
 *
 * Streams are read in the context of the request, so that the work of an async generator or of `pull()`
 * belongs to it. If the program drops one without reading it, the request has ended with its headers.
 *
 * @param hasResponse false if `c` has no response because Hono or the server creates it later
 */
export function onResponseEnd(request: PendingRequest, env: ServerEnv, hasResponse: boolean): void {
  const { c, end, isInner } = request;
  const { outgoing, completed } = env;
  // The headers come first: to inspect a body, @hono/node-server has to create it.
  const isStreamed =
    hasResponse &&
    c.req.method !== 'HEAD' &&
    isStream(c.res) &&
    canReplaceBody(c.res) &&
    !c.res.bodyUsed;
  if (outgoing !== undefined) {
    let failure: CutShort | undefined;
    if (isStreamed) {
      // Bun and Deno do not report why a response was cut short, or that it was.
      replaceBody(request, (_, cutShort) => {
        if (cutShort?.exception) failure = cutShort;
      });
    }
    const close = () => endOnClose(c, outgoing, end, failure);
    const { closed, destroyed } = outgoing.stream ?? outgoing;
    // Responses of Deno have no `closed`. A client that left earlier has closed them already.
    if (closed ?? destroyed) close();
    else outgoing.once('close', close);
  } else if (hasResponse && c.res.bodyUsed) {
    end(unreadableStatus(request));
  } else if (isStreamed) {
    if (c.res.body === null) end();
    else if (c.res.body.locked) end(unreadableStatus(request));
    else watchBody(request, completed);
  } else if (completed !== undefined) {
    const close = () => end();
    completed.then(close, close);
  } else if (!isInner && c.req.raw.signal.aborted) {
    end(undefined, CLIENT_DISCONNECTED);
  } else {
    end();
  }
}

/** @param failure the exception of a body that is watched */
function endOnClose(
  c: Context,
  outgoing: Outgoing,
  end: EndListener,
  failure: CutShort | undefined,
): void {
  const { writableFinished, errored, rstCode = 0 } = outgoing.stream ?? outgoing;
  const status = outgoing.headersSent ? outgoing.statusCode : undefined;
  // On Bun and Deno, a failed response is finished as well; on Node, an HTTP/2 stream that the client resets.
  if (failure !== undefined) end(status, failure);
  else if (errored && !isReset(errored)) end(status, { exception: { thrown: errored } });
  else if (writableFinished && rstCode === 0) end(status);
  // Bun and Deno close a response without a body before it is finished, if the handler has passed one.
  else if (status !== undefined && BODILESS.has(status)) end(status);
  else if (c.finalized && isEventStream(c.res)) end(status);
  else end(status, CLIENT_DISCONNECTED);
}

/**
 * Returns the status of a response whose body has been read, or is being read by other code. A server responds with 500.
 * @returns undefined for the status of the response itself
 */
function unreadableStatus({ c, isInner }: PendingRequest): number | undefined {
  // A middleware above, such as a timeout, may have responded with an error, which has been sent by now.
  return isInner || c.error ? undefined : 500;
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

/** Returns true if a response can be created with the status of this one. That of `fetch()` may have any status. */
function canReplaceBody({ status }: Response): boolean {
  return status >= 200 && status <= 599 && !BODILESS.has(status);
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

/** Watches the body of a response whose server does not report its end. */
function watchBody(request: PendingRequest, completed: Promise<void> | undefined): void {
  const { c, end } = request;
  let hasEnded = false;
  const endOnce: EndListener = (status, cutShort) => {
    if (hasEnded) return;
    hasEnded = true;
    dropped?.unregister(request);
    end(status, cutShort);
  };
  const body = replaceBody(request, endOnce);
  const onDropped = request.createDropListener?.();
  if (!body || !onDropped) return;
  dropped?.register(body, onDropped, request);
  // Deno has sent another response if nothing reads this one.
  const close = () => body.locked || endOnce(c.res.status);
  completed?.then(close, close);
}

/** Calls a function when a body was dropped. Workers with a compatibility date before May 2025 cannot. */
const dropped =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry<() => void>((onDropped) => onDropped());

/**
 * Replaces the body of a response by one that is read in the context of the request.
 * @returns undefined if there is no body to read
 */
function replaceBody(
  { c, isInner, spanContext }: PendingRequest,
  end: EndListener,
): ReadableStream<Uint8Array> | undefined {
  const { res } = c;
  if (res.body === null || res.body.locked) return undefined;
  // A handler that cancels the response to its request needs no more of it.
  const cutShort = isInner || isEventStream(res) ? undefined : CLIENT_DISCONNECTED;
  const body = readWithin(spanContext, res.body, cutShort, end);
  // Setting `c.res` copies the headers of the previous response, so unset it first.
  c.res = undefined;
  c.res = new Response(body, res);
  return body;
}

/** @param cutShort the reason if the reader cancels the stream */
function readWithin(
  spanContext: SpanContext,
  source: ReadableStream<Uint8Array>,
  cutShort: CutShort | undefined,
  end: EndListener,
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
        end();
      } catch (thrown) {
        if (isCancelled) return;
        controller.error(thrown);
        end(undefined, { exception: { thrown } });
      }
    },
    cancel(reason) {
      isCancelled = true;
      end(undefined, cutShort);
      return context.with(spanContext, () => reader.cancel(reason));
    },
  });
}
