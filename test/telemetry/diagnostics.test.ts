import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { globalErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { routeDiagnostics } from '../../src/telemetry/diagnostics.ts';
import type { Exporter, Signal } from '../../src/telemetry/exporter.ts';
import { startTelemetry, type Telemetry } from '../../src/telemetry/index.ts';
import { type OtlpAnswer, startOtlpSink } from '../support/otlp-sink.ts';

const told: string[] = [];
const rejected: [Signal, number][] = [];

beforeEach(() => {
  told.length = 0;
  rejected.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
  setGlobalErrorHandler(() => {});
});

describe('routeDiagnostics()', () => {
  beforeEach(() =>
    routeDiagnostics({
      tell: (sentence) => void told.push(sentence),
      onRejected: (signal, count) => void rejected.push([signal, count]),
    }),
  );

  test('tells warnings and errors of the SDK, each once', () => {
    diag.error('no', new Error('way'));
    diag.error('no', new Error('way'));
    diag.warn('careful');
    diag.info('nothing');
    diag.debug('nothing');
    expect(told).toEqual(['OpenTelemetry: no Error: way', 'OpenTelemetry: careful']);
  });

  test('tells at most 100 different sentences', () => {
    for (let i = 0; i < 200; i++) diag.warn(`careful ${i}`);
    expect(told).toHaveLength(100);
  });

  test('leaves a failed export to those who count it', () => {
    globalErrorHandler(new Error('503'));
    expect(told).toEqual([]);
  });

  test.each<[string, Signal]>([
    ['rejectedSpans', 'traces'],
    ['rejectedDataPoints', 'metrics'],
    ['rejectedLogRecords', 'logs'],
  ])('counts the %s of a partial success', (field, signal) => {
    const response = JSON.stringify({ [field]: '3', errorMessage: 'too old' });
    diag.warn('Received Partial Success response:', response);
    expect(rejected).toEqual([[signal, 3]]);
    expect(told).toEqual([
      `OpenTelemetry: the other end took ${signal} but rejected some: too old`,
    ]);
  });

  test('tells a warning that comes with a whole success', () => {
    diag.warn('Received Partial Success response:', '{"errorMessage":"use gzip"}');
    expect(rejected).toEqual([]);
    expect(told).toEqual(['OpenTelemetry: the other end took everything and says: use gzip']);
  });

  test.each(['', '{', 'null', '[]', '{"rejectedSpans":"x"}'])(
    'survives a partial success that reads %j',
    (response) => {
      diag.warn('Received Partial Success response:', response);
      expect(rejected).toEqual([]);
    },
  );
});

describe("what the SDK's OTLP exporters say", () => {
  /** Telemetry that goes to `url`. */
  function start(url: string): Promise<Telemetry> {
    const to = (signal: Signal) => ({ url: `${url}/v1/${signal}` });
    const otlp: Exporter = {
      delivery: 'batched',
      metricInterval: 60_000,
      describe: () => url,
      traces: () => new OTLPTraceExporter(to('traces')),
      metrics: () => new OTLPMetricExporter(to('metrics')),
      logs: () => new OTLPLogExporter(to('logs')),
    };
    const tree: Exporter = { ...otlp, traces: () => null, metrics: () => null, logs: () => null };
    return startTelemetry({
      settings: {
        disabled: false,
        exporters: { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] },
        metricInterval: undefined,
        warnings: [],
        errors: [],
      },
      isLeftToRuntime: false,
      version: '1.0.0',
      runtime: { name: 'test', version: '1' },
      loadExporter: async (name) => (name === 'otlp' ? otlp : tree),
      tell: (sentence) => void told.push(sentence),
    });
  }

  /** Makes five records of each signal, and delivers them to a sink that answers so. */
  async function deliver(answer: OtlpAnswer): Promise<readonly string[]> {
    await using sink = await startOtlpSink();
    sink.answerWith(answer);
    const telemetry = await start(sink.url);
    told.length = 0;
    const counter = metrics.getMeter('test').createCounter('counter');
    for (let i = 0; i < 5; i++) {
      trace.getTracer('test').startSpan('span').end();
      logs.getLogger('test').emit({ body: 'line' });
      counter.add(1, { i });
    }
    return await telemetry.shutdown(5_000);
  }

  const signals = ['traces', 'metrics', 'logs'];
  const units = ['spans', 'data points', 'log records'];

  test('says nothing when all was taken', async () => {
    expect(await deliver({})).toEqual([]);
    expect(told).toEqual([]);
  });

  test('is counted and told for each signal when some were rejected', async () => {
    const losses = await deliver({ rejected: 2, errorMessage: 'too old' });
    expect(losses).toEqual(
      units.map(
        (unit) =>
          `Lost on the way to otlp: of 5 ${unit} made, 3 were delivered, 2 rejected by the other end, 0 dropped.`,
      ),
    );
    expect([...told].sort()).toEqual(
      signals
        .map((signal) => `OpenTelemetry: the other end took ${signal} but rejected some: too old`)
        .sort(),
    );
  });

  test('is told once for each signal when the other end refuses everything', async () => {
    const losses = await deliver({ status: 400 });
    expect(losses).toEqual(
      units.map(
        (unit) =>
          `Lost on the way to otlp: of 5 ${unit} made, 0 were delivered, 0 rejected by the other end, 5 dropped.`,
      ),
    );
    expect(told).toHaveLength(3);
    for (const signal of signals) {
      expect(told).toContainEqual(expect.stringMatching(`^Exporting ${signal} to otlp fails: `));
    }
  });
});
