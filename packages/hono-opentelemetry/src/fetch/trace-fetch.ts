import { context, createContextKey } from '@opentelemetry/api';
import { isPromiseLike } from '../promise-like.ts';
import { safely } from '../safely.ts';
import { createClientSpanFactory } from './client-span.ts';
import { injectHeaders } from './inject-headers.ts';
import type { FetchFunction, TraceFetchOptions } from './options.ts';

/** Set by SDKs while they export, so that exporters are not traced. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Functions that trace their calls already. */
const traced = new WeakSet<object>();

/**
 * Returns a `fetch()` that records a CLIENT span and a duration for each call, and sends the active
 * context to the server.
 *
 * The span ends with the body: when it has been read to its end or cancelled, or reading it failed. If the
 * program drops the response without reading it, the span ends with the headers of the response, once the
 * response is garbage-collected. A status of 400 or more is an error, with the status as `error.type`.
 *
 * The traced function has the type and the behavior of the original one, and accepts the same arguments.
 * It changes neither the caller's headers nor the caller's `Request`.
 *
 * @param fetch defaults to `globalThis.fetch` at the time of the call
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 * @example
 * ```ts
 * import { hc } from 'hono/client';
 * import { traceFetch } from 'hono-opentelemetry/fetch';
 *
 * const fetch = traceFetch();
 * const client = hc('http://stock.internal', { fetch });
 * ```
 */
export function traceFetch(fetch?: undefined, options?: TraceFetchOptions): typeof globalThis.fetch;
export function traceFetch<F extends FetchFunction>(fetch: F, options?: TraceFetchOptions): F;
export function traceFetch(fetch?: FetchFunction, options: TraceFetchOptions = {}): FetchFunction {
  const { exclude, propagate } = options;
  const startClientSpan = createClientSpanFactory(options);

  const tracedFetch = function (this: unknown, ...args: Parameters<FetchFunction>) {
    const target: FetchFunction = fetch ?? globalThis.fetch;
    const call = (args: Parameters<FetchFunction>) => Reflect.apply(target, this, args);
    if (traced.has(target) || isSuppressed()) return call(args);
    const url = parseUrl(args[0]);
    if (exclude && url && safely(() => exclude(url))) return call(args);

    const span = safely(() => startClientSpan(args, url));
    if (!span) return call(args);
    try {
      const result = context.with(span.context, () => {
        const isPropagated = !propagate || (url && safely(() => propagate(url)));
        return call((isPropagated && safely(() => injectHeaders(args))) || args);
      });
      // `app.request` returns a response if its handlers are synchronous.
      return isPromiseLike(result)
        ? result.then(span.onResponse, span.onRejection)
        : span.onResponse(result);
    } catch (thrown) {
      span.fail(thrown);
      throw thrown;
    }
  };
  // `name`, `length` and members such as `fetch.preconnect` of Bun.
  const { prototype: _, ...members } = Object.getOwnPropertyDescriptors(fetch ?? globalThis.fetch);
  safely(() => Object.defineProperties(tracedFetch, members));
  traced.add(tracedFetch);
  return tracedFetch;
}

function isSuppressed(): boolean {
  return context.active().getValue(SUPPRESS_TRACING) === true;
}

/** Parses the URL of a call. `app.request` and browsers accept a path. */
function parseUrl(input: string | URL | Request): URL | undefined {
  return safely(() => {
    const href = input instanceof Request ? input.url : String(input);
    // An absolute URL ignores the base.
    return new URL(href, 'http://localhost');
  });
}
