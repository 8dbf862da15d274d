import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { SpanKind } from '@opentelemetry/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deadlineIn } from '../../packages/opentelemetry-instrument/src/doctor/deadline.ts';
import { findInJaeger } from '../../packages/opentelemetry-instrument/src/doctor/send/find-in-jaeger.ts';
import { createJaegerApi } from '../../packages/opentelemetry-viewer/src/jaeger-api/index.ts';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import type { TraceStore } from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { createJaeger } from '../stack/jaeger.ts';
import { ADD_TRACE, makeSpan, START_MS, todo } from './hand-made-spans.ts';

const now = (Date.now() - START_MS) * 1_000;
const serverSpan = makeSpan({
  traceId: ADD_TRACE,
  spanId: 'b7ad6b7169203331',
  name: 'POST /add',
  kind: SpanKind.SERVER,
  startMicros: now,
  attributes: { 'url.path': '/add', 'http.response.status_code': 303 },
  resource: todo,
});
const sqlSpan = makeSpan({
  traceId: ADD_TRACE,
  spanId: 'b7ad6b7169203332',
  parentSpanId: 'b7ad6b7169203331',
  name: 'INSERT tasks',
  kind: SpanKind.CLIENT,
  startMicros: now,
  resource: todo,
});

async function serveApi(): Promise<{ url: string; store: TraceStore }> {
  const store = createMemoryTraceStore();
  const server = createServer(getRequestListener(createJaegerApi({ store }).fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, store };
}

describe('the doctor', () => {
  test('finds a trace in the viewer as soon as it is there', async () => {
    const { url, store } = await serveApi();
    setTimeout(() => store.addSpans([serverSpan]), 300);
    const finding = await findInJaeger(url, ADD_TRACE, deadlineIn(5_000));
    expect(finding).toMatchObject({ kind: 'found', link: `${url}/trace/${ADD_TRACE}` });
    expect(finding.kind === 'found' && finding.millis).toBeGreaterThan(250);
  });

  test('takes the viewer for Jaeger when it does not have the trace', async () => {
    const { url } = await serveApi();
    const finding = await findInJaeger(url, ADD_TRACE, deadlineIn(400));
    expect(finding).toMatchObject({ kind: 'not-found' });
  });
});

describe("the stack test's client for Jaeger", () => {
  test('finds services, traces and tags in the viewer', async () => {
    const { url, store } = await serveApi();
    const jaeger = createJaeger(url);
    expect(await jaeger.trace(ADD_TRACE)).toEqual([]);
    store.addSpans([serverSpan, sqlSpan]);
    expect(await jaeger.services()).toEqual(['todo']);
    expect(await jaeger.trace(ADD_TRACE)).toMatchObject([
      { name: 'POST /add', kind: 2, parentSpanId: '', resource: { 'service.instance.id': 'one' } },
      { name: 'INSERT tasks', kind: 3, parentSpanId: 'b7ad6b7169203331' },
    ]);
    for (const tags of [{ 'url.path': '/add' }, { 'service.instance.id': 'one' }]) {
      expect(await jaeger.search('todo', tags)).toHaveLength(2);
    }
    expect(await jaeger.search('todo', { 'url.path': '/none' })).toEqual([]);
  });
});
