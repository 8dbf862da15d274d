import type { Context, MiddlewareHandler } from 'hono';
import type { TraceLinks } from './link-traces.ts';
import type { PageTelemetry } from './page.ts';
import { traceFooter } from './trace-footer.ts';

interface Variables extends TraceLinks {
  readonly tracesEndpoint?: string;
  readonly demoPath?: string;
}

/** Lets pages record themselves, and send their spans to this URL or path. */
export function recordPages(tracesEndpoint: string): MiddlewareHandler<{ Variables: Variables }> {
  return async function recordPages(c, next) {
    c.set('tracesEndpoint', tracesEndpoint);
    return next();
  };
}

/** Lets each page lead to that of the demonstrations. */
export function offerDemo(demoPath: string): MiddlewareHandler<{ Variables: Variables }> {
  return async function offerDemo(c, next) {
    c.set('demoPath', demoPath);
    return next();
  };
}

/** What `renderPage()` needs of a request. Call it last: it counts what was done until now. */
export function pageTelemetry(c: Context): PageTelemetry {
  const demoPath = c.get('demoPath');
  const demo = demoPath ? `\n<p class="trace"><a href="${demoPath}">Make a trace</a></p>` : '';
  return { tracesEndpoint: c.get('tracesEndpoint'), footer: traceFooter(c) + demo };
}
