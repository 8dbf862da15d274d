import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import {
  createTaskTelemetry,
  instrumentTaskStore,
  type TaskTelemetry,
} from '../../../src/http/task-telemetry.ts';
import { type TaskStore, TaskStoreUnavailableError } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

let store: TaskStore;
let telemetry: TaskTelemetry;
let app: ReturnType<typeof createApp>;
let logExporter: InMemoryLogRecordExporter;
let metricExporter: InMemoryMetricExporter;
let meterProvider: MeterProvider;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

beforeEach(() => {
  store = createMemoryTaskStore();
  logExporter = new InMemoryLogRecordExporter();
  const loggerProvider = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
  });
  metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
  });
  telemetry = createTaskTelemetry(store, { meterProvider, loggerProvider });
  app = createApp({
    store,
    telemetry,
    trace: (_c, next) => {
      const span = { traceId: TRACE_ID, spanId: '00f067aa0ba902b7', traceFlags: 1 };
      return context.with(trace.setSpan(context.active(), trace.wrapSpanContext(span)), next);
    },
  });
});

function logs() {
  return logExporter.getFinishedLogRecords();
}

async function points(name: string) {
  await meterProvider.forceFlush();
  const metrics = metricExporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  const metric = metrics.find((metric) => metric.descriptor.name === name);
  return metric?.dataPoints.map(({ attributes, value }) => ({ attributes, value })) ?? [];
}

describe('createTaskTelemetry()', () => {
  test('logs each change once, with the id and the trace, never the title', async () => {
    await postForm(app, '/add', { task: 'buy SECRET' });
    await postForm(app, '/delete/1');
    expect(
      logs().map(({ body, attributes, severityNumber, severityText, spanContext }) => ({
        body,
        attributes,
        severity: [severityNumber, severityText],
        traceId: spanContext?.traceId,
      })),
    ).toEqual([
      {
        body: 'task added',
        attributes: { 'task.id': 1 },
        severity: [9, 'INFO'],
        traceId: TRACE_ID,
      },
      {
        body: 'task deleted',
        attributes: { 'task.id': 1 },
        severity: [9, 'INFO'],
        traceId: TRACE_ID,
      },
    ]);
  });

  test('logs nothing and counts nothing when nothing changed', async () => {
    await postForm(app, '/add', { task: '' });
    await postForm(app, '/delete/7');
    await postForm(app, '/delete/x');
    await app.request('/nix');
    expect(logs()).toEqual([]);
    expect(await points('task.changes')).toEqual([]);
  });

  test('counts changes by operation', async () => {
    await postForm(app, '/add', { task: 'milk' });
    await postForm(app, '/add', { task: 'bread' });
    await postForm(app, '/move/1', { after: '2' });
    await postForm(app, '/delete/1');
    expect(await points('task.changes')).toEqual([
      { attributes: { 'task.operation': 'add' }, value: 2 },
      { attributes: { 'task.operation': 'move' }, value: 1 },
      { attributes: { 'task.operation': 'delete' }, value: 1 },
    ]);
  });

  test('a change to many tasks is recorded with their number', async () => {
    const store = instrumentTaskStore(createMemoryTaskStore(), telemetry);
    await store.add({ title: 'milk' });
    await store.add({ title: 'bread' });
    await store.completeAll(true);
    await store.removeAll({ completed: false });
    await store.removeAll();
    expect(logs().map(({ body, attributes }) => [body, attributes])).toEqual([
      ['task added', { 'task.id': 1 }],
      ['task added', { 'task.id': 2 }],
      ['tasks updated', { 'task.count': 2 }],
      ['tasks deleted', { 'task.count': 2 }],
    ]);
    expect(await points('task.changes')).toEqual([
      { attributes: { 'task.operation': 'add' }, value: 2 },
      { attributes: { 'task.operation': 'update' }, value: 2 },
      { attributes: { 'task.operation': 'delete' }, value: 2 },
    ]);
  });

  test('observes the number of tasks, from the first collection on', async () => {
    expect(await points('task.count')).toEqual([{ attributes: {}, value: 0 }]);
    await store.add({ title: 'milk' });
    expect(await points('task.count')).toEqual([{ attributes: {}, value: 1 }]);
  });

  test('observes nothing, and fails no collection, while storage is away', async () => {
    store.count = () => Promise.reject(new Error('database is closed'));
    await postForm(app, '/add', { task: 'milk' });
    expect(await points('task.count')).toEqual([]);
    expect(await points('task.changes')).toHaveLength(1);
  });

  test('logs a failed request as one ERROR with the class and the trace, no message', async () => {
    store.list = () => Promise.reject(new TypeError('SECRET'));
    expect((await app.request('/')).status).toBe(500);
    expect(logs()).toHaveLength(1);
    expect(logs()[0]).toMatchObject({
      body: 'request failed',
      severityNumber: 17,
      severityText: 'ERROR',
      attributes: { 'exception.type': 'TypeError' },
      spanContext: { traceId: TRACE_ID },
    });
    expect(Object.keys(logs()[0]?.attributes ?? {})).toEqual(['exception.type']);
  });

  test('logs a busy store as a WARN', async () => {
    store.list = () => Promise.reject(new TaskStoreUnavailableError('SECRET'));
    expect((await app.request('/')).status).toBe(503);
    expect(logs()).toHaveLength(1);
    expect(logs()[0]).toMatchObject({ severityNumber: 13, severityText: 'WARN', attributes: {} });
  });
});
