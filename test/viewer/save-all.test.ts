import { afterEach, expect, test, vi } from 'vitest';
import { createPages } from '../../packages/opentelemetry-viewer/src/pages/index.ts';
import { createMemoryMetricStore } from '../../packages/opentelemetry-viewer/src/store/memory-metric-store.ts';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import { makeSpan, todo } from './hand-made-spans.ts';
import { makeLog } from './page-spans.ts';

const TRACES = 1_200;

afterEach(() => vi.useRealTimers());

/** Creates pages for a store with many traces, and two log records of which one has no trace. */
function createFullApp() {
  const store = createMemoryTraceStore();
  for (let index = 1; index <= TRACES; index++) {
    const traceId = index.toString(16).padStart(32, '0');
    store.addSpans([makeSpan({ traceId, spanId: 'a'.repeat(16), name: 'milk', resource: todo })]);
  }
  store.addLogs([makeLog({ span: '1', body: 'bread' }), makeLog({ body: 'butter' })]);
  const info = { version: '0.1.0' };
  return { store, app: createPages({ store, metrics: createMemoryMetricStore(), info }) };
}

test('/save has every span and log record, and opens again', async () => {
  const { app, store } = createFullApp();
  const saved = await app.request('/save');
  expect(saved.headers.get('Content-Disposition')).toContain('traces.jsonl');
  const text = await saved.text();
  const body = new FormData();
  body.set('file', new File([text], 'traces.jsonl'));
  store.clear();
  const opened = await app.request('/open', { method: 'POST', body });
  expect(opened.status).toBe(303);
  expect(store.stats()).toMatchObject({ traces: TRACES, spans: TRACES, logs: 2 });
  expect(store.findLogs({}).map((record) => record.body)).toEqual(['butter', 'bread']);
});

test('/save sends lines of some hundred records, and serves requests between them', async () => {
  const { app } = createFullApp();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  });
  const text = await (await app.request('/save')).text();
  clearInterval(timer);
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => line.match(/"spanId"/g)?.length)).toEqual([500, 500, 200, 1]);
  expect(turns).toBeGreaterThanOrEqual(lines.length - 1);
});

test('/save does not wait for timers between lines: they take milliseconds each', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
  const { app } = createFullApp();
  const text = await (await app.request('/save')).text();
  expect(text.trimEnd().split('\n')).toHaveLength(4);
});

test('/save leaves out traces that are dropped while it sends', async () => {
  const { app, store } = createFullApp();
  const reader = (await app.request('/save')).body?.getReader();
  await reader?.read();
  store.clear();
  let rest = '';
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    rest += new TextDecoder().decode(part.value);
  }
  // The stream holds one line in advance, and log records are found only at the end.
  expect((rest.match(/"spanId"/g) ?? []).length).toBeLessThanOrEqual(500);
});
