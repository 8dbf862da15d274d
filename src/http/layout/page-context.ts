import type { Context, MiddlewareHandler } from 'hono';
import type { PageTelemetry } from './page.ts';
import { renderTraceFooter, type TraceLink } from './trace-footer.ts';

export interface PageContextOptions {
  /** URL or path that pages send their spans to; without it they record none. */
  readonly tracesEndpoint?: string | undefined;
  /** Base URL of Jaeger's pages: `http://localhost:16686`; without it traces have no link. */
  readonly jaegerUrl?: string | undefined;
  /** Base URL of the viewer's pages, used without `jaegerUrl`. */
  readonly viewerUrl?: string | undefined;
  /** Path of the demonstrations, which each page then links to. */
  readonly demoPath?: string | undefined;
}

interface Variables {
  readonly pages?: Pick<PageContextOptions, 'tracesEndpoint' | 'demoPath'> & {
    readonly traceLink?: TraceLink | undefined;
  };
}

/** Provides tracing and demo links to the pages rendered after it. */
export function pageContext({
  tracesEndpoint,
  jaegerUrl,
  viewerUrl,
  demoPath,
}: PageContextOptions): MiddlewareHandler<{ Variables: Variables }> {
  const traceUrl = jaegerUrl && traceUrlOf(jaegerUrl);
  const inJaeger = traceUrl ? { url: traceUrl, text: 'Show in Jaeger' } : undefined;
  const inViewer = viewerUrl ? { url: `${viewerUrl}/trace/`, text: 'Show the trace' } : undefined;
  const pages = { tracesEndpoint, demoPath, traceLink: inJaeger ?? inViewer };
  return async function pageContext(c, next) {
    c.set('pages', pages);
    return next();
  };
}

/** Returns what `renderPage()` needs of a request. Call it last: it counts the statements so far. */
export function getPageTelemetry(c: Context): PageTelemetry {
  const pages: Variables['pages'] = c.get('pages');
  const { tracesEndpoint, traceLink, demoPath } = pages ?? {};
  const demo = demoPath ? `\n<p class="trace"><a href="${demoPath}">Make a trace</a></p>` : '';
  return { tracesEndpoint, footer: renderTraceFooter(traceLink) + demo };
}

/** Returns the URL of a trace up to its id, without credentials: they would appear on every page. */
function traceUrlOf(jaegerUrl: string): string | undefined {
  if (!/^https?:/i.test(jaegerUrl) || !URL.canParse(jaegerUrl)) return undefined;
  const { origin, pathname } = new URL(jaegerUrl);
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}/trace/`;
}
