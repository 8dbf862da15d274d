import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Exporter } from '../../exporters/exporter.ts';
import { loadExporter } from '../../exporters/index.ts';
import {
  startTelemetry,
  type Telemetry,
} from '../../packages/opentelemetry-instrument/src/index.ts';
import { exporterOptions } from '../../packages/opentelemetry-instrument/src/settings/exporter-options.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { PROTOCOLS, startSink } from '../support/otlp-protocols.ts';
import type { OtlpAnswer } from '../support/otlp-sink.ts';
import { TEST_RUNTIME } from '../support/settings.ts';

const told: string[] = [];

beforeEach(() => {
  told.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
});

describe.each(PROTOCOLS)('what becomes of records on their way over OTLP by %s', (protocol) => {
  /** Telemetry that goes to `url`. */
  function start(url: string): Promise<Telemetry> {
    const read = readSettings({
      variable: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    });
    const tree: Exporter = {
      processor: 'simple',
      metricInterval: 60_000,
      describe: () => '',
      traces: () => null,
      metrics: () => null,
      logs: () => null,
    };
    return startTelemetry({
      settings: read,
      runtime: TEST_RUNTIME,
      loadExporter: async (name) =>
        name === 'otlp' ? loadExporter(name, exporterOptions(read)) : tree,
      notify: (message) => void told.push(message),
    });
  }

  /** Makes five records of each signal, and delivers them to a sink that answers so. */
  async function deliver(answer: OtlpAnswer): Promise<readonly string[]> {
    await using sink = await startSink(protocol);
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
    // And the metrics of telemetry: two of each exporter, three of each queue, spans started and live,
    // and log records created.
    ['Metrics', 'data points', 5 + 3 * 2 + 2 * 3 + 3],
    ['Logs', 'log records', 5],
  ] as const;

  test('is counted and told for each signal when all was taken', async () => {
    expect(await deliver({})).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, ${created} exported.`,
      ),
    );
    expect(told).toEqual([]);
  });

  test('is measured under the name that the conventions have for its exporter', async () => {
    await using sink = await startSink(protocol);
    const telemetry = await start(sink.url);
    trace.getTracer('test').startSpan('span').end();
    await telemetry.shutdown(5_000);
    const types = sink.metrics
      .filter(({ name }) => /^otel\.sdk\.exporter\..*\.inflight$/.test(name))
      .flatMap(({ points }) => points.map(({ attributes }) => attributes['otel.component.type']));
    const prefix = {
      'http/protobuf': 'otlp_http',
      'http/json': 'otlp_http_json',
      grpc: 'otlp_grpc',
    };
    expect(types.sort()).toEqual(
      ['log', 'metric', 'span'].map((record) => `${prefix[protocol]}_${record}_exporter`),
    );
  });

  test('is counted and told for each signal when some were rejected', async () => {
    expect(await deliver({ rejected: 2, errorMessage: 'too old' })).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, ${created - 2} exported, 2 rejected by the collector.`,
      ),
    );
    expect([...told].sort()).toEqual(
      units
        .map(([route, unit]) => `${route} to otlp: 2 ${unit} rejected by the collector: too old.`)
        .sort(),
    );
  });

  test('is told with what kept it where no answer came before the end', async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ fault: 'hang' });
    const telemetry = await start(sink.url);
    told.length = 0;
    for (let i = 0; i < 5; i++) trace.getTracer('test').startSpan('span').end();
    await telemetry.shutdown(500);
    const address = protocol === 'grpc' ? sink.url : `${sink.url}/v1/traces`;
    expect(told).toContainEqual(
      expect.stringMatching(
        `^Traces to otlp: 5 spans dropped at the end, ${address} did not respond within \\d\\.\\d s\\.$`,
      ),
    );
  });

  test('is told with why it was tried again where the end came between', async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 503 });
    const telemetry = await start(sink.url);
    trace.getTracer('test').startSpan('span').end();
    told.length = 0;
    await telemetry.shutdown(500);
    expect(told).toContainEqual(
      expect.stringMatching(
        /^Traces to otlp: 1 span dropped at the end, .* is overloaded or not ready .*: check /,
      ),
    );
  });

  test('is counted and told for each signal when the other end refuses everything', async () => {
    expect(await deliver({ status: 400 })).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, 0 exported, ${created} dropped (the export failed).`,
      ),
    );
    expect(told).toHaveLength(3);
    for (const [route, unit, created] of units) {
      expect(told).toContainEqual(
        expect.stringMatching(`^${route} to otlp: ${created} ${unit} dropped, `),
      );
    }
  });
});
