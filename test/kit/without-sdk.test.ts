import { metrics, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { recordTraces } from '../../packages/hono-opentelemetry/src/testing/index.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

afterEach(() => {
  metrics.disable();
  propagation.disable();
});

test('a response is left as it is until an SDK is registered', async () => {
  const body = new Blob(['milk']).stream();
  const app = new Hono().use(traceHttp());
  app.get('/stream', () => new Response(body, { headers: { 'transfer-encoding': 'chunked' } }));
  app.get('/', (c) => c.text('milk'));
  expect((await app.request('/stream')).body).toBe(body);

  using traces = recordTraces();
  await app.request('/');
  expect(traces.tree()).toBe('GET / 200');
  traces.stop();
  await app.request('/');
  expect(traces.spans()).toHaveLength(1);
});

test('durations are recorded with a meter provider alone', async () => {
  const telemetry = recordTelemetry();
  const app = new Hono().use(traceHttp()).get('/', (c) => c.text('milk'));
  await app.request('/');
  metrics.setGlobalMeterProvider(telemetry.meterProvider);
  await app.request('/');
  const [duration] = await telemetry.metrics();
  expect(duration?.descriptor.name).toBe('http.server.request.duration');
});

test("a handler runs in the caller's context without an SDK", async () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const app = new Hono().use(traceHttp());
  app.get('/', (c) => c.text(`${trace.getActiveSpan()?.spanContext().traceId}`));
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  expect(await (await app.request('/', { headers })).text()).toBe(traceId);
});

test.each(['onRequest', 'onResponse'] as const)('%s is called without an SDK', async (name) => {
  const hook = vi.fn();
  const app = new Hono().use(traceHttp({ [name]: hook })).get('/', (c) => c.text('milk'));
  await app.request('/');
  expect(hook).toHaveBeenCalledOnce();
});
