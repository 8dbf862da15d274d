import type { Context, MiddlewareHandler } from 'hono';
import type { PageTelemetry } from './page.ts';
import { renderTraceFooter } from './trace-footer.ts';

export interface PageContextOptions {
  /** URL or path that pages send their spans to; without it they record none. */
  readonly tracesEndpoint?: string | undefined;
  /** Base URL of Jaeger's pages: `http://localhost:16686`; without it traces have no link. */
  readonly jaegerUrl?: string | undefined;
  /** Path of the demonstrations, which each page then links to. */
  readonly demoPath?: string | undefined;
}

interface Variables {
  readonly pages?: Omit<PageContextOptions, 'jaegerUrl'> & {
    readonly traceUrl?: string | undefined;
  };
}

/** Provides tracing and demo links to the pages rendered after it. */
export function pageContext({
  tracesEndpoint,
  jaegerUrl,
  demoPath,
}: PageContextOptions): MiddlewareHandler<{ Variables: Variables }> {
  const pages = { tracesEndpoint, demoPath, traceUrl: jaegerUrl && traceUrlOf(jaegerUrl) };
  return async function pageContext(c, next) {
    c.set('pages', pages);
    return next();
  };
}

/** Returns what `renderPage()` needs of a request. Call it last: it counts the statements so far. */
export function getPageTelemetry(c: Context): PageTelemetry {
  const pages: Variables['pages'] = c.get('pages');
  const { tracesEndpoint, traceUrl, demoPath } = pages ?? {};
  const demo = demoPath ? `\n<p class="trace"><a href="${demoPath}">Make a trace</a></p>` : '';
  return { tracesEndpoint, footer: renderTraceFooter(traceUrl) + demo };
}

/** Returns the URL of a trace up to its id, without credentials: they would appear on every page. */
function traceUrlOf(jaegerUrl: string): string | undefined {
  if (!/^https?:/i.test(jaegerUrl) || !URL.canParse(jaegerUrl)) return undefined;
  const { origin, pathname } = new URL(jaegerUrl);
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}/trace/`;
}
