import { metrics, ValueType } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { requestWithMethod } from '../support/request-with-method.ts';

const DURATION = 'http.server.request.duration';

let telemetry: RecordedTelemetry;
let app: Hono;

beforeEach(() => {
  telemetry = recordTelemetry();
  app = new Hono().use(traceHttp(telemetry));
  app.get('/tasks/:id', (c) => c.text('milk'));
});

describe('http.server.request.duration', () => {
  test('has the unit, the buckets and the attributes of the conventions', async () => {
    await app.request('/tasks/1?a=1', { headers: { 'user-agent': 'test' } });
    const [metric] = await telemetry.metrics();
    expect(metric?.descriptor).toMatchObject({
      name: DURATION,
      unit: 's',
      type: 'HISTOGRAM',
      valueType: ValueType.DOUBLE,
    });
    const [point, ...more] = await telemetry.histograms(DURATION);
    expect(more).toEqual([]);
    expect(point?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
      'url.scheme': 'http',
    });
    expect(point?.value.buckets.boundaries).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]);
  });

  test("equals the span's duration", async () => {
    await app.request('/tasks/1');
    const [point] = await telemetry.histograms(DURATION);
    const millis = hrTimeToMilliseconds(telemetry.span().duration);
    expect(point?.value.sum).toBeCloseTo(millis / 1000, 9);
  });

  test('counts requests that are not sampled', async () => {
    telemetry = recordTelemetry(new AlwaysOffSampler());
    app = new Hono().use(traceHttp(telemetry)).get('/', (c) => c.text('milk'));
    await app.request('/');
    const [point] = await telemetry.histograms(DURATION);
    expect(telemetry.spans()).toEqual([]);
    expect(point?.value).toMatchObject({ count: 1, sum: expect.any(Number) });
    expect(point?.value.sum).toBeGreaterThan(0);
  });

  test('1,000 random paths and methods add no time series', async () => {
    const word = () => Math.random().toString(36).slice(2).toUpperCase();
    await app.request('/nowhere');
    await app.request(requestWithMethod('FOOBAR', '/nowhere'));
    await app.request('/tasks/0');
    for (let i = 0; i < 500; i++) {
      await app.request(`/${word()}?${word()}`, { headers: { host: word() } });
      await app.request(`/tasks/${word()}`, { headers: { 'user-agent': word() } });
      await app.request(requestWithMethod(`X${word()}`, `/${word()}`));
    }
    const points = await telemetry.histograms(DURATION);
    expect(points.map(({ attributes, value }) => ({ ...attributes, count: value.count }))).toEqual([
      {
        'http.request.method': 'GET',
        'http.response.status_code': 404,
        'url.scheme': 'http',
        count: 501,
      },
      {
        'http.request.method': '_OTHER',
        'http.response.status_code': 404,
        'url.scheme': 'http',
        count: 501,
      },
      {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/tasks/:id',
        'url.scheme': 'http',
        count: 501,
      },
    ]);
  });

  test('has the version of the protocol if the server provides it', async () => {
    const incoming = { headers: {}, httpVersion: '1.1', socket: {} };
    await (await app.request('/tasks/1', {}, { incoming })).text();
    const [point] = await telemetry.points(DURATION);
    expect(point?.attributes['network.protocol.version']).toBe('1.1');
    expect(telemetry.span().attributes['network.protocol.version']).toBe('1.1');
  });
});

describe('the meter provider of traceHttp()', () => {
  afterEach(() => metrics.disable());

  test('a global meter provider that is registered after the app receives durations', async () => {
    app = new Hono().use(traceHttp()).get('/', (c) => c.text('milk'));
    await app.request('/');
    metrics.setGlobalMeterProvider(telemetry.meterProvider);
    await app.request('/');
    const [point] = await telemetry.histograms(DURATION);
    expect(point?.value.count).toBe(1);
  });

  test('a global meter provider that replaces another one receives durations', async () => {
    app = new Hono().use(traceHttp()).get('/', (c) => c.text('milk'));
    metrics.setGlobalMeterProvider(new MeterProvider());
    await app.request('/');
    metrics.disable();
    metrics.setGlobalMeterProvider(telemetry.meterProvider);
    await app.request('/');
    const [point] = await telemetry.histograms(DURATION);
    expect(point?.value.count).toBe(1);
  });
});
