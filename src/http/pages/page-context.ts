import type { Context, MiddlewareHandler } from 'hono';
import type { PageTelemetry } from './page.ts';
import { traceFooter } from './trace-footer.ts';

export interface PageOptions {
  /** Where pages send spans of their own, a URL or a path; without it they record none. */
  readonly tracesEndpoint?: string | undefined;
  /** Of Jaeger's pages, with its base path: `http://localhost:16686`; without it no trace has a link. */
  readonly jaegerUrl?: string | undefined;
  /** Of the demonstrations, which each page then leads to. */
  readonly demoPath?: string | undefined;
}

interface Variables {
  readonly pages?: Omit<PageOptions, 'jaegerUrl'> & { readonly traceUrl?: string | undefined };
}

/** Gives the pages behind it what they tell beside what they are for. */
export function equipPages({
  tracesEndpoint,
  jaegerUrl,
  demoPath,
}: PageOptions): MiddlewareHandler<{ Variables: Variables }> {
  const pages = { tracesEndpoint, demoPath, traceUrl: jaegerUrl && traceUrlOf(jaegerUrl) };
  return async function equipPages(c, next) {
    c.set('pages', pages);
    return next();
  };
}

/** What `renderPage()` needs of a request. Call it last: it counts what was done until now. */
export function pageTelemetry(c: Context): PageTelemetry {
  const pages: Variables['pages'] = c.get('pages');
  const { tracesEndpoint, traceUrl, demoPath } = pages ?? {};
  const demo = demoPath ? `\n<p class="trace"><a href="${demoPath}">Make a trace</a></p>` : '';
  return { tracesEndpoint, footer: traceFooter(traceUrl) + demo };
}

/** Of a trace, but for its id; without a password, which would stand on every page. */
function traceUrlOf(jaegerUrl: string): string | undefined {
  if (!/^https?:/i.test(jaegerUrl) || !URL.canParse(jaegerUrl)) return undefined;
  const { origin, pathname } = new URL(jaegerUrl);
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}/trace/`;
}
