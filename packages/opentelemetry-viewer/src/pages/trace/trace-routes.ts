import { Hono } from 'hono';
import { toOtlpDocument } from 'opentelemetry-instrument-exporters/otlp/json';
import type { StoredTrace, TraceStore } from '../../store/index.ts';
import { esc, renderLayout, respondInFormat } from '../page/index.ts';
import { formatTextTree, layOutTrace } from '../spans/index.ts';
import { renderSpanDetail } from './span-detail.ts';
import { renderTracePage } from './trace-page.ts';
import { createTraceModel, readTraceView, traceUrl } from './trace-view.ts';

const MAX_WAIT_SECONDS = 30;

/** Serves one trace at `/trace/<id>`, as Jaeger does: as a page, text or OTLP JSON. */
export function createTraceRoutes(store: TraceStore): Hono {
  const app = new Hono();

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
    // Drop the counter, so that the address can be shared.
    if (searchParams.has('waited')) return c.redirect(traceUrl(traceId), 303);
    return respondInFormat(c, {
      html: () => renderTracePage(createTraceModel(trace, readTraceView(searchParams))),
      text: () => formatTextTree(traceId, layOutTrace(trace)),
      json: () => toOtlpDocument(trace.spans, trace.logs),
    });
  });
  // The script opens the detail of a span in place.
  app.get('/trace/:id{[0-9a-fA-F]{32}}/span/:span{[0-9a-fA-F]{16}}', (c) => {
    const trace = findTrace(c.req.param('id'));
    if (!trace) return c.notFound();
    const view = readTraceView(new URL(c.req.url).searchParams);
    const model = createTraceModel(trace, { ...view, span: c.req.param('span').toLowerCase() });
    return model.selected ? c.html(renderSpanDetail(model.selected, model)) : c.notFound();
  });
  return app;

  function findTrace(id: string): StoredTrace | undefined {
    return store.getTrace(id.toLowerCase().padStart(32, '0'));
  }
}

/** Renders the page of a trace that has not arrived. It refreshes every second for half a minute. */
function renderWaitPage(traceId: string, waited: number): string {
  const isWaiting = waited < MAX_WAIT_SECONDS;
  const text = isWaiting
    ? '<p>This page refreshes until the trace arrives. Spans are sent when they end, so a running request is not complete.</p>'
    : '<p>It did not arrive within 30 seconds. It may not have been sampled, may have been sent elsewhere, or was dropped because the viewer keeps only the newest traces.</p>';
  return renderLayout({
    title: isWaiting ? 'Waiting for a trace' : 'Trace not found',
    section: 'traces',
    main: `<div class="empty" id="results"><h1>${isWaiting ? 'Waiting for trace' : 'No trace'} <code>${esc(traceId.slice(0, 8))}…</code></h1>${text}<p><code class="copy">${esc(traceId)}</code></p><p><a href="/trace/${esc(traceId)}">Look again</a> · <a href="/">All traces</a> · <a href="/status">What is kept</a></p></div>`,
    refresh: isWaiting ? { seconds: 1, url: `/trace/${traceId}?waited=${waited + 1}` } : undefined,
  });
}
