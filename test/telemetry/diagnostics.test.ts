import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { globalErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { routeDiagnostics } from '../../src/telemetry/diagnostics.ts';
import type { Exporter, Signal } from '../../src/telemetry/exporter.ts';
import { startTelemetry, type Telemetry } from '../../src/telemetry/index.ts';
import { type OtlpAnswer, startOtlpSink } from '../support/otlp-sink.ts';
import { settingsOf } from '../support/settings.ts';

const told: string[] = [];
const rejected: [Signal, number, string][] = [];

beforeEach(() => {
  told.length = 0;
  rejected.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
  setGlobalErrorHandler(() => {});
});

describe('routeDiagnostics()', () => {
  afterEach(() => void vi.useRealTimers());
  beforeEach(() => {
    vi.useFakeTimers();
    routeDiagnostics({
      level: 'warn',
      tell: (sentence) => void told.push(sentence),
      onRejected: (signal, count, says) => void rejected.push([signal, count, says]),
    });
  });

  test('tells warnings and errors of the SDK, each at once and then with a count', () => {
    diag.error('no', new Error('way'));
    diag.error('no', new Error('way'));
    diag.warn('careful');
    diag.info('nothing');
    diag.debug('nothing');
    expect(told).toEqual(['OpenTelemetry: no Error: way', 'OpenTelemetry: careful']);
    vi.advanceTimersByTime(60_000);
    expect(told.slice(2)).toEqual(['OpenTelemetry: no Error: way (1 times more)']);
  });

  test.each([
    ['none', []],
    ['error', ['error']],
    ['info', ['error', 'warn', 'info']],
    ['all', ['error', 'warn', 'info', 'debug', 'verbose']],
  ] as const)('at level %s tells %j, and counts a partial success', (level, heard) => {
    diag.disable();
    routeDiagnostics({
      level,
      tell: (sentence) => void told.push(sentence),
      onRejected: (signal, count, says) => void rejected.push([signal, count, says]),
    });
    // The API tells of the logger itself at the finest level.
    told.length = 0;
    for (const each of ['error', 'warn', 'info', 'debug', 'verbose'] as const) diag[each](each);
    diag.warn('Received Partial Success response:', '{"rejectedSpans":1}');
    expect(told).toEqual(heard.map((each) => `OpenTelemetry: ${each}`));
    expect(rejected).toEqual([['traces', 1, 'it does not say why']]);
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
    expect(rejected).toEqual([[signal, 3, 'too old']]);
    expect(told).toEqual([]);
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
      settings: settingsOf(),
      exporters: { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] },
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
    await telemetry.shutdown(5_000);
    return telemetry.describe();
  }

  const units = [
    ['Traces', 'spans', 5],
    // And what each of the three pipelines counts of itself: exported, and in flight; processed and
    // queued, where it has a queue.
    ['Metrics', 'data points', 5 + 3 * 2 + 2 * 2],
    ['Logs', 'log records', 5],
  ] as const;

  test('is counted and told for each signal when all was taken', async () => {
    expect(await deliver({})).toEqual(
      units.map(
        ([route, unit, made]) => `${route} to otlp: ${made} ${unit} made, ${made} delivered.`,
      ),
    );
    expect(told).toEqual([]);
  });

  test('is counted and told for each signal when some were rejected', async () => {
    expect(await deliver({ rejected: 2, errorMessage: 'too old' })).toEqual(
      units.map(
        ([route, unit, made]) =>
          `${route} to otlp: ${made} ${unit} made, ${made - 2} delivered, 2 rejected by the other end.`,
      ),
    );
    expect([...told].sort()).toEqual(
      units
        .map(([route, unit]) => `${route} to otlp: 2 ${unit} rejected by the other end: too old.`)
        .sort(),
    );
  });

  test('is counted and told for each signal when the other end refuses everything', async () => {
    expect(await deliver({ status: 400 })).toEqual(
      units.map(
        ([route, unit, made]) =>
          `${route} to otlp: ${made} ${unit} made, 0 delivered, ${made} dropped (the export failed).`,
      ),
    );
    expect(told).toHaveLength(3);
    for (const [route, unit, made] of units) {
      expect(told).toContainEqual(
        expect.stringMatching(`^${route} to otlp: ${made} ${unit} dropped, `),
      );
    }
  });
});
