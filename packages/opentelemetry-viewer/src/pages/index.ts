import { type Context, Hono } from 'hono';
import type { MetricStore } from '../store/metric-store.ts';
import type { StoredTrace, TraceStore } from '../store/trace-store.ts';
import { serveAssets } from './assets.ts';
import { comparePair, renderComparePage } from './compare-page.ts';
import { formatMillis } from './format.ts';
import { esc } from './html.ts';
import { renderLayout } from './layout.ts';
import { streamChanges } from './live-events.ts';
import { readLogFilter, renderLogsPage, toLogQuery } from './logs-page.ts';
import { createMcpEndpoint } from './mcp.ts';
import { renderMetricsPage } from './metrics-page.ts';
import { respondInFormat } from './negotiate.ts';
import { createOpenPages } from './open-pages.ts';
import { toOtlpDocument } from './otlp-json.ts';
import { pageHeaders } from './page-headers.ts';
import { mapServices, renderMapPage } from './service-map.ts';
import { renderSpanDetail } from './span-detail.ts';
import { logSeverity, logText, spanMillis, spanTitle } from './span-facts.ts';
import { readStatus, renderStatusPage, renderStatusText } from './status-page.ts';
import { formatTextTree } from './text-tree.ts';
import { summaryToJson } from './to-json.ts';
import { readTraceFilter } from './trace-filter.ts';
import { findTraceList, renderTraceListPage } from './trace-list-page.ts';
import { renderTracePage } from './trace-page.ts';
import { createTraceModel, readTraceView, traceUrl } from './trace-view.ts';
import type { ViewerInfo } from './viewer-info.ts';
import { renderWaitPage } from './wait-page.ts';
import { layOutTrace } from './waterfall.ts';

export type { ViewerInfo } from './viewer-info.ts';

export interface PageOptions {
  readonly store: TraceStore;
  readonly metrics: MetricStore;
  readonly info: ViewerInfo;
}

/**
 * Creates the viewer's pages, at the addresses of Jaeger's. Serve them only behind a guard that refuses
 * foreign hosts and origins: forms here change what is kept.
 */
export function createPages({ store, metrics, info }: PageOptions): Hono {
  const app = new Hono();
  app.use(pageHeaders());
  app.route('/', serveAssets());
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });

  const showList = (c: Context) => {
    const list = findTraceList(store, readTraceFilter(new URL(c.req.url).searchParams));
    return respondInFormat(c, {
      html: () => renderTraceListPage(list, store),
      text: () =>
        list.traces
          .map(
            ({ traceId, match }) =>
              `${traceId} ${formatMillis(spanMillis(match)).padStart(9)}  ${spanTitle(match)}\n`,
          )
          .join(''),
      json: () => ({ total: list.total, traces: list.traces.map(summaryToJson) }),
    });
  };
  app.get('/', showList);
  app.get('/search', showList);

  app.get('/trace', (c) => {
    const id = (c.req.query('id') ?? '').trim().toLowerCase();
    return c.redirect(/^[0-9a-f]{1,32}$/.test(id) ? `/trace/${id}` : '/', 303);
  });
  app.get('/trace/:file{[0-9a-fA-F]{1,32}\\.json}', (c) => {
    const trace = findTrace(c.req.param('file').slice(0, -5));
    if (!trace) return c.json({ error: 'trace not found' }, 404);
    c.header('Content-Disposition', `attachment; filename="trace-${trace.traceId}.json"`);
    return c.json(toOtlpDocument(trace.spans, trace.logs));
  });
  app.get('/trace/:file{[0-9a-fA-F]{1,32}\\.txt}', (c) => {
    const trace = findTrace(c.req.param('file').slice(0, -4));
    if (!trace) return c.text('trace not found\n', 404);
    return c.text(formatTextTree(trace.traceId, layOutTrace(trace)));
  });
  app.get('/trace/:id{[0-9a-fA-F]{1,32}}', (c) => {
    const traceId = c.req.param('id').toLowerCase().padStart(32, '0');
    const trace = store.getTrace(traceId);
    const { searchParams } = new URL(c.req.url);
    if (!trace) {
      const waited = Number.parseInt(searchParams.get('waited') ?? '0', 10) || 0;
      c.status(404);
      return respondInFormat(c, {
        html: () => renderWaitPage(traceId, waited),
        text: () => 'trace not found\n',
        json: () => ({ error: 'trace not found' }),
      });
    }
    // The address that waited is not worth a bookmark.
    if (searchParams.has('waited')) return c.redirect(traceUrl(traceId), 303);
    return respondInFormat(c, {
      html: () => renderTracePage(createTraceModel(trace, readTraceView(searchParams))),
      text: () => formatTextTree(traceId, layOutTrace(trace)),
      json: () => toOtlpDocument(trace.spans, trace.logs),
    });
  });
  /** The detail of one span, which the script puts into the waterfall. */
  app.get('/trace/:id{[0-9a-fA-F]{32}}/span/:span{[0-9a-fA-F]{16}}', (c) => {
    const trace = store.getTrace(c.req.param('id').toLowerCase());
    if (!trace) return c.notFound();
    const view = readTraceView(new URL(c.req.url).searchParams);
    const model = createTraceModel(trace, { ...view, span: c.req.param('span').toLowerCase() });
    return model.selected ? c.html(renderSpanDetail(model.selected, model)) : c.notFound();
  });

  app.get('/logs', (c) => {
    const filter = readLogFilter(new URL(c.req.url).searchParams);
    return respondInFormat(c, {
      html: () => renderLogsPage(store, filter),
      text: () =>
        store
          .findLogs(toLogQuery(filter))
          .map((record) => `${logSeverity(record)} ${logText(record)}\n`)
          .join(''),
      json: () => toOtlpDocument([], store.findLogs(toLogQuery(filter))),
    });
  });

  app.get('/metrics', (c) =>
    respondInFormat(c, {
      html: () => renderMetricsPage(metrics),
      text: () =>
        metrics
          .find()
          .map(({ service, name, points }) => `${service} ${name} ${points.at(-1)?.value}\n`)
          .join(''),
      json: () => metrics.find(),
    }),
  );

  app.get('/map', (c) => {
    const map = mapServices(store);
    return respondInFormat(c, {
      html: () => renderMapPage(map),
      text: () => map.edges.map(({ from, to, count }) => `${from} -> ${to} ${count}\n`).join(''),
      json: () => map,
    });
  });

  app.get('/compare', (c) => {
    const [a = '', b = ''] = [c.req.query('a'), c.req.query('b')].map((id) => id?.toLowerCase());
    const comparison = comparePair(store, a, b);
    return respondInFormat(c, {
      html: () => renderComparePage(store, { a, b }, comparison),
      text: () =>
        (comparison?.rows ?? [])
          .map(({ name, difference }) => `${formatMillis(difference).padStart(10)} ${name}\n`)
          .join(''),
      json: () => comparison ?? { error: 'trace not found' },
    });
  });

  app.get('/status', (c) => {
    const status = readStatus(store, metrics, info);
    return respondInFormat(c, {
      html: () => renderStatusPage(status),
      text: () => renderStatusText(status),
      json: () => status,
    });
  });

  app.route('/', createOpenPages(store));
  app.route('/', createMcpEndpoint(store, metrics, info.version));
  app.get('/events', (c) => streamChanges(c, store));

  app.notFound((c) =>
    c.html(
      renderLayout({
        title: 'Not found',
        main: `<div class="empty"><h1>Not found</h1><p>No page at <code>${esc(c.req.path.slice(0, 200))}</code>.</p><p><a href="/">All traces</a></p></div>`,
      }),
      404,
    ),
  );
  return app;

  function findTrace(id: string): StoredTrace | undefined {
    return store.getTrace(id.toLowerCase().padStart(32, '0'));
  }
}
