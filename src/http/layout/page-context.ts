import type { Context, MiddlewareHandler } from 'hono';
import { readAcceptedLanguage, readChosenLanguage, TEXTS } from '../texts/index.ts';
import type { PageContext } from './page.ts';
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
  const inJaeger: TraceLink | undefined = traceUrl
    ? { url: traceUrl, shownBy: 'jaeger' }
    : undefined;
  const inViewer: TraceLink | undefined = viewerUrl
    ? { url: `${viewerUrl}/trace/`, shownBy: 'viewer' }
    : undefined;
  const pages = { tracesEndpoint, demoPath, traceLink: inJaeger ?? inViewer };
  return async function pageContext(c, next) {
    c.set('pages', pages);
    return next();
  };
}

/** Returns what `renderPage()` needs of a request. Call it last: it counts the statements so far. */
export function getPageContext(c: Context): PageContext {
  const pages: Variables['pages'] = c.get('pages');
  const { tracesEndpoint, traceLink, demoPath } = pages ?? {};
  const chosen = readChosenLanguage(c.req);
  const language = chosen ?? readAcceptedLanguage(c);
  const texts = TEXTS[language];
  const query = chosen ? `?lang=${chosen}` : '';
  const isOnDemo = demoPath !== undefined && c.req.path.startsWith(demoPath);
  const demo =
    demoPath && !isOnDemo
      ? `\n<p class="trace"><a href="${demoPath}${query}">${texts.trace.make}</a></p>`
      : '';
  const footer = renderTraceFooter(texts, traceLink) + demo;
  return { language, texts, query, tracesEndpoint, footer };
}

/** Returns the URL of a trace up to its id, without credentials: they would appear on every page. */
export function traceUrlOf(jaegerUrl: string): string | undefined {
  if (!/^https?:/i.test(jaegerUrl) || !URL.canParse(jaegerUrl)) return undefined;
  const { origin, pathname } = new URL(jaegerUrl);
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}/trace/`;
}
