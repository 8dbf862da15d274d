import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { toOtlpDocument } from 'opentelemetry-instrument-exporters/otlp/json';
import type { MetricStore, TraceStore } from '../store/index.ts';
import { comparePair, renderComparePage } from './compare/index.ts';
import { createOpenPages } from './files/index.ts';
import { readLogFilter, renderLogsPage, toLogQuery } from './logs-page.ts';
import { createMcpEndpoint } from './mcp.ts';
import { renderMetricsPage } from './metrics/index.ts';
import {
  esc,
  formatMillis,
  negotiateView,
  pageHeaders,
  renderLayout,
  respondInFormat,
  serveAssets,
} from './page/index.ts';
import {
  findTraceList,
  readTraceFilter,
  renderTraceListPage,
  summaryToJson,
} from './search/index.ts';
import { mapServices, renderMapPage } from './service-map.ts';
import { logSeverity, logText, spanMillis, spanTitle } from './spans/index.ts';
import { readStatus, renderStatusPage, renderStatusText, type ViewerInfo } from './status-page.ts';
import { createTraceRoutes } from './trace/index.ts';

export type { ViewerInfo } from './status-page.ts';

const HEARTBEAT_MS = 15_000;
const MAX_IDS = 100;

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
      html: () =>
        renderTraceListPage(list, store, {
          endpoints: info.endpoints,
          programUrl: info.programUrl?.(),
        }),
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

  app.route('/', createTraceRoutes(store));

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
      html: () => {
        const { service = '', route = '' } = c.req.query();
        return renderMetricsPage(metrics, { service, route });
      },
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
    const isEmptyForm = a === '' && b === '' && negotiateView(c) === 'html';
    if (!comparison && !isEmptyForm) c.status(404);
    return respondInFormat(c, {
      html: () => renderComparePage(store, { a, b }, comparison),
      text: () =>
        comparison?.rows
          .map(({ name, difference }) => `${formatMillis(difference).padStart(10)} ${name}\n`)
          .join('') ?? 'trace not found\n',
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
}

/** Streams the ids of changed traces as server-sent events until the client disconnects. */
function streamChanges(c: Context, store: TraceStore): Response {
  return streamSSE(c, async (stream) => {
    const done = Promise.withResolvers<void>();
    let changed: Set<string> | undefined;
    let isWriting = false;

    // A client that does not read must not make events pile up here.
    async function writeChanges(): Promise<void> {
      if (isWriting) return;
      isWriting = true;
      while (changed !== undefined) {
        const data = JSON.stringify([...changed]);
        changed = undefined;
        await stream.writeSSE({ event: 'change', data });
      }
      isWriting = false;
    }
    const unsubscribe = store.subscribe((traceIds) => {
      changed = new Set([...(changed ?? []), ...traceIds].slice(-MAX_IDS));
      writeChanges().catch(done.resolve);
    });
    // Without traffic, a disconnected client would not be noticed.
    const heartbeat = setInterval(() => {
      if (!isWriting) stream.write(': \n\n').catch(done.resolve);
    }, HEARTBEAT_MS);
    stream.onAbort(done.resolve);
    await stream.writeSSE({ event: 'open', data: '' });
    await done.promise;
    clearInterval(heartbeat);
    unsubscribe();
  });
}
