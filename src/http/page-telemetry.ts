import type { Context, MiddlewareHandler } from 'hono';
import type { TraceLinks } from './link-traces.ts';
import type { PageTelemetry } from './page.ts';
import { traceFooter } from './trace-footer.ts';

interface Variables extends TraceLinks {
  readonly tracesEndpoint?: string;
}

/** Lets pages record themselves, and send their spans to this URL or path. */
export function recordPages(tracesEndpoint: string): MiddlewareHandler<{ Variables: Variables }> {
  return async function recordPages(c, next) {
    c.set('tracesEndpoint', tracesEndpoint);
    return next();
  };
}

/** What `renderPage()` needs of a request. Call it last: it counts what was done until now. */
export function pageTelemetry(c: Context): PageTelemetry {
  return { tracesEndpoint: c.get('tracesEndpoint'), footer: traceFooter(c) };
}
