import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadExporter } from '../../exporters/index.ts';
import {
  startTelemetry,
  type Telemetry,
} from '../../packages/opentelemetry-instrument/src/index.ts';
import { exporterOptions } from '../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startSink } from '../support/otlp-protocols.ts';
import type { OtlpAnswer } from '../support/otlp-sink.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { TEST_RUNTIME } from '../support/settings.ts';
import { SILENT_EXPORTER } from '../support/silent-exporter.ts';

const messages: string[] = [];

beforeEach(() => {
  messages.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
});

describe.each(PROTOCOLS)('delivery counts over OTLP by %s', (protocol) => {
  /** Starts telemetry that is sent to `url`. */
  function start(url: string): Promise<Telemetry> {
    const read = readSettings({
      variable: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    });
    return startTelemetry({
      settings: read,
      runtime: TEST_RUNTIME,
      loadExporter: async (name) =>
        name === 'otlp' ? loadExporter(name, exporterOptions(read)) : SILENT_EXPORTER,
      notify: (message) => void messages.push(message),
    });
  }

  /** Makes five records of each signal, and delivers them to a sink that answers so. */
  async function deliver(answer: OtlpAnswer): Promise<readonly string[]> {
    await using sink = await startSink(protocol);
    sink.answerWith(answer);
    const telemetry = await start(sink.url);
    messages.length = 0;
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

  test(`${protocol} counts and reports accepted records of each signal`, async () => {
    expect(await deliver({})).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, ${created} exported.`,
      ),
    );
    expect(messages).toEqual([]);
  });

  test(`${protocol} measures exports under the component type of the conventions`, async () => {
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

  test(`${protocol} counts and reports rejected records of each signal`, async () => {
    expect(await deliver({ rejected: 2, errorMessage: 'too old' })).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, ${created - 2} exported, 2 rejected by the collector.`,
      ),
    );
    // All signals have the same problem, which is reported once.
    expect(messages).toEqual([
      expect.stringMatching(/to otlp: 2 [a-z ]+ rejected by the collector; too old\.?$/),
    ]);
  });

  test(`${protocol} reports at shutdown that the collector did not respond`, async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ fault: 'hang' });
    const telemetry = await start(sink.url);
    messages.length = 0;
    for (let i = 0; i < 5; i++) trace.getTracer('test').startSpan('span').end();
    await telemetry.shutdown(500);
    const address = protocol === 'grpc' ? sink.url : `${sink.url}/v1/traces`;
    expect(messages).toContainEqual(
      expect.stringMatching(
        ` Traces.* to otlp: 5 spans.* dropped at the end; ${address} did not respond within \\d\\.\\d s; check the Collector$`,
      ),
    );
  });

  test(`${protocol} reports at shutdown why an export was being retried`, async () => {
    await using sink = await startSink(protocol);
    sink.answerWith({ status: 503 });
    const telemetry = await start(sink.url);
    trace.getTracer('test').startSpan('span').end();
    messages.length = 0;
    await telemetry.shutdown(500);
    expect(messages).toContainEqual(
      expect.stringMatching(
        / Traces.* to otlp: 1 span.* dropped at the end; .* is overloaded or not ready .*; check /,
      ),
    );
  });

  test(`${protocol} counts and reports records of each signal when the collector rejects all requests`, async () => {
    expect(await deliver({ status: 400 })).toEqual(
      units.map(
        ([route, unit, created]) =>
          `${route} to otlp: ${created} ${unit} created, 0 exported, ${created} dropped (the export failed).`,
      ),
    );
    // Over gRPC all signals have the same URL, and so the same problem, which is reported once.
    expect(messages).toHaveLength(protocol === 'grpc' ? 1 : 3);
    for (const line of messages) expect(line).toMatch(/to otlp: \d+ [a-z ]+ dropped; .*; /);
  });
});
