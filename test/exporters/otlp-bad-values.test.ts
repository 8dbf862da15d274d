import { diag, metrics, trace, ValueType } from '@opentelemetry/api';
import { type AnyValue, logs } from '@opentelemetry/api-logs';
import { afterEach, describe, expect, test } from 'vitest';
import { loadExporter } from '../../exporters/index.ts';
import {
  startTelemetry,
  type Telemetry,
} from '../../packages/opentelemetry-instrument/src/index.ts';
import { exporterOptions } from '../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startSink } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { TEST_RUNTIME } from '../support/settings.ts';
import { SILENT_EXPORTER } from '../support/silent-exporter.ts';

afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
});

const NUMBERS = {
  nan: Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  negative: Number.NEGATIVE_INFINITY,
  int64: 2 ** 63,
  least: -(2 ** 63),
  huge: 1e21,
  tiny: 5e-324,
};

/** The sink has integers beyond 53 bits as big integers. */
const ARRIVED = { ...NUMBERS, least: BigInt(NUMBERS.least) };

const variants = PROTOCOLS.flatMap((protocol) =>
  ['true', 'false'].map((isFast) => ({ protocol, isFast })),
);

describe.each(variants)('OTLP by $protocol with the fast path $isFast', (variant) => {
  const messages: string[] = [];

  async function start(url: string): Promise<Telemetry> {
    messages.length = 0;
    const read = readSettings({
      variable: {
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_PROTOCOL: variant.protocol,
        OTEL_JS_FAST_PATH_ENABLED: variant.isFast,
      },
    });
    return startTelemetry({
      settings: read,
      runtime: TEST_RUNTIME,
      loadExporter: async (name) =>
        name === 'otlp' ? loadExporter(name, exporterOptions(read)) : SILENT_EXPORTER,
      notify: (message) => void messages.push(message),
    });
  }

  test(`${variant.protocol} delivers numbers without a JSON form and the other records, fast path ${variant.isFast}`, async () => {
    await using sink = await startSink(variant.protocol);
    const telemetry = await start(sink.url);
    const tracer = trace.getTracer('test');
    tracer.startSpan('odd', { attributes: { ...NUMBERS, list: Object.values(NUMBERS) } }).end();
    tracer.startSpan('good').end();
    logs.getLogger('test').emit({ body: NUMBERS, attributes: NUMBERS });
    logs.getLogger('test').emit({ body: 'good' });
    const meter = metrics.getMeter('test');
    const gauge = meter.createGauge('gauge');
    for (const [name, value] of Object.entries(NUMBERS)) gauge.record(value, { name });
    const counter = meter.createUpDownCounter('integers', { valueType: ValueType.INT });
    counter.add(2 ** 63);
    counter.add(-5, { name: 'good' });
    await telemetry.shutdown(5_000);

    expect(sink.problems).toEqual([]);
    expect(sink.requests.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
    expect(sink.spans.map(({ name }) => name)).toEqual(['odd', 'good']);
    expect(sink.spans[0]?.attributes).toEqual({ ...ARRIVED, list: Object.values(ARRIVED) });
    const [odd, good] = sink.logs.filter(({ scope }) => scope.name === 'test');
    expect(odd).toMatchObject({ body: ARRIVED, attributes: ARRIVED });
    expect(good).toMatchObject({ body: 'good' });
    const points = (metric: string) =>
      sink.metrics.find(({ name }) => name === metric)?.points.map(({ value }) => value);
    expect(points('gauge')).toEqual(Object.values(NUMBERS));
    expect(points('integers')).toEqual([2 ** 63, -5]);
    expect(telemetry.describe().join()).not.toContain('dropped');
  });

  test(`${variant.protocol} marks unreadable values and delivers the other records, fast path ${variant.isFast}`, async () => {
    await using sink = await startSink(variant.protocol);
    const telemetry = await start(sink.url);
    const circular: Record<string, AnyValue> = {};
    circular.self = circular;
    let deep: AnyValue = 'bottom';
    for (let level = 0; level < 5_000; level++) deep = [deep];
    const proxy = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('hidden');
        },
      },
    );
    const throwing = {
      get secret(): string {
        throw new Error('hidden');
      },
    };
    const logger = logs.getLogger('test');
    for (const body of [circular, deep, proxy, throwing, 'good']) logger.emit({ body });
    await telemetry.shutdown(5_000);

    const bodies = sink.logs.filter(({ scope }) => scope.name === 'test').map(({ body }) => body);
    const tooDeep = `${'['.repeat(30)}"[too deep]"${']'.repeat(30)}`;
    expect(bodies).toEqual([
      { self: '[circular]' },
      JSON.parse(tooDeep),
      '[unreadable]',
      { secret: '[unreadable]' },
      'good',
    ]);
    expect(telemetry.describe().join()).not.toContain('dropped');
  });

  test(`${variant.protocol} drops and counts only the record that cannot be encoded, fast path ${variant.isFast}`, async () => {
    await using sink = await startSink(variant.protocol);
    const telemetry = await start(sink.url);
    let bomb: AnyValue = 'x'.repeat(100);
    for (let level = 0; level < 29; level++) bomb = Array<AnyValue>(10).fill(bomb);
    const logger = logs.getLogger('test');
    for (const body of ['before', bomb, 'after']) logger.emit({ body });
    await telemetry.shutdown(5_000);
    expect(sink.logs.map(({ body }) => body)).toEqual(['before', 'after']);
    expect(telemetry.describe()).toContainEqual(
      expect.stringContaining('Logs to otlp: 3 log records created, 2 exported, 1 dropped'),
    );
    expect(messages).toContainEqual(
      expect.stringContaining('Logs to otlp: 1 log record dropped; encoding failed'),
    );
  });
});
