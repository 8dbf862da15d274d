import type { MiddlewareHandler } from 'hono';

/** What `linkTraces()` leaves for those behind it. */
export interface TraceLinks {
  /** Of Jaeger's page of a trace, but for the trace's id; none where nobody said where Jaeger is. */
  readonly traceUrl?: string | undefined;
}

/**
 * Lets what is shown of a trace link to it.
 * @param jaegerUrl of Jaeger's page, with its base path: `http://localhost:16686`
 */
export function linkTraces(jaegerUrl: string): MiddlewareHandler<{ Variables: TraceLinks }> {
  const traceUrl = traceUrlOf(jaegerUrl);
  return async function linkTraces(c, next) {
    c.set('traceUrl', traceUrl);
    return next();
  };
}

/** Without a password, which would stand on every page. */
function traceUrlOf(jaegerUrl: string): string | undefined {
  if (!/^https?:/i.test(jaegerUrl) || !URL.canParse(jaegerUrl)) return undefined;
  const { origin, pathname } = new URL(jaegerUrl);
  return `${origin}${pathname.replace(/\/+$/, '')}/trace/`;
}
