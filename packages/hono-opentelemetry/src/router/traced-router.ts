import type { TracerProvider } from '@opentelemetry/api';
import type { Router } from 'hono/router';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { SmartRouter } from 'hono/router/smart-router';
import { TrieRouter } from 'hono/router/trie-router';
import type { H, RouterRoute } from 'hono/types';
import { createHandlerTracer } from './trace-handler.ts';

/** A handler as Hono stores it in a router. */
type RouterEntry = [H, RouterRoute];

/** Options of `tracedRouter()`. All of them are optional. */
export interface TracedRouterOptions {
  /** The router that matches paths. @default the same as that of `new Hono()` */
  readonly router?: Router<RouterEntry>;
  /** @default the global tracer provider */
  readonly tracerProvider?: TracerProvider;
}

/**
 * Creates a router for `new Hono({ router })` that records an INTERNAL span for each middleware and each
 * handler of a request.
 *
 * A span is named after its function, or after its route if the function has no name. The span of a
 * middleware contains the spans of what it awaits. Sub-applications of `app.route()` are included; a
 * mounted app needs a traced router of its own. An exception marks the spans that it passes as failed;
 * `traceHttp()` records it.
 *
 * Spans are recorded below the span of `traceHttp()` only, if that is sampled.
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { traceHttp } from 'hono-opentelemetry';
 * import { tracedRouter } from 'hono-opentelemetry/router';
 *
 * const app = new Hono({ router: tracedRouter() });
 * app.use(traceHttp());
 * app.get('/tasks/:id', async function getTask(c) {
 *   return c.text(c.req.param('id'));
 * });
 * ```
 */
export function tracedRouter(options: TracedRouterOptions = {}): Router<RouterEntry> {
  const router =
    options.router ?? new SmartRouter({ routers: [new RegExpRouter(), new TrieRouter()] });
  const traceHandler = createHandlerTracer(options.tracerProvider);

  return {
    get name() {
      return router.name;
    },
    add(method, path, [handler, route]) {
      router.add(method, path, [traceHandler(handler, route), route]);
    },
    match: (method, path) => router.match(method, path),
  };
}
