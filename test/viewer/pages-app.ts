import type { Hono } from 'hono';
import { createPages } from '../../packages/opentelemetry-viewer/src/pages/index.ts';
import type { TraceStore } from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { createFixtureMetrics, createFixtureStore } from './fixture-store.ts';
import { makeGauge, makeRouteSeries } from './hand-made-series.ts';
import { makeLog, makePageTrace, makeSpan, NOON } from './page-spans.ts';

export const FAILED_TRACE_ID = 'f'.repeat(32);

/** Creates the pages over a fixture store with 18 requests and two page loads, one of which failed. */
export function createPagesApp(): { readonly app: Hono; readonly store: TraceStore } {
  const store = createFixtureStore();
  store.addSpans(makePageTrace());
  store.addSpans(makePageTrace(FAILED_TRACE_ID, NOON + 1_000, true));
  for (let i = 1; i <= 18; i++) {
    const traceId = i.toString(16).padStart(32, '0');
    const attributes = { 'http.route': '/tasks/:id', 'http.response.status_code': 200 };
    const input = { id: '1', kind: 1, name: 'GET /tasks/:id', attributes };
    store.addSpans([
      makeSpan({ ...input, traceId, start: NOON + 100 * i, duration: i === 18 ? 400 : 2 }),
    ]);
  }
  store.addLogs([
    makeLog({ span: 'c1', time: NOON + 14, body: 'added a task', attributes: { 'task.count': 3 } }),
    makeLog({ severity: 17, body: '<script>alert(1)</script>' }),
  ]);
  const metrics = createFixtureMetrics([
    makeRouteSeries('/tasks/:id', [2, 3, 4, 1, 1, 0, 0, 1, 0]),
    makeGauge('process.memory.usage', [5, 6, 7]),
  ]);
  const info = {
    version: '0.1.0',
    sampling: 'always_on',
    endpoints: [{ name: 'OTLP/HTTP', url: 'http://localhost:4318' }],
  };
  return { app: createPages({ store, metrics, info }), store };
}
