import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type Call, spawnTalkingApp, type TalkingApp } from '../../support/spawn-talking-app.ts';

const PARENT = '00f067aa0ba902b7';
const SAMPLED = 'a'.repeat(32);
const UNSAMPLED = 'b'.repeat(32);
const by = (traceId: string, flags: string) => `00-${traceId}-${PARENT}-${flags}`;

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startOtlpSink();
});
afterAll(() => sink.close());

describe.concurrent('OTEL_TRACES_SAMPLER', () => {
  const all = { own: '01', sampled: '01', unsampled: '01' };
  const none = { own: '00', sampled: '00', unsampled: '00' };

  test.each([
    ['always_on', undefined, all],
    ['always_off', undefined, none],
    ['traceidratio', '0', none],
    ['traceidratio', '1', all],
    ['parentbased_always_on', undefined, { ...all, unsampled: '00' }],
    ['Parentbased_Always_Off ', undefined, { ...none, sampled: '01' }],
    ['parentbased_traceidratio', '0', { ...none, sampled: '01' }],
    // With a warning, like the default.
    ['jaeger_remote', undefined, { ...all, unsampled: '00' }],
  ])(
    '%s with argument %s gives new traces and those of callers these flags: %j',
    async (sampler, ratio, expected) => {
      const name = crypto.randomUUID();
      await using app = await spawnTalkingApp({
        env: {
          OTEL_TRACES_SAMPLER: sampler,
          ...(ratio && { OTEL_TRACES_SAMPLER_ARG: ratio }),
          OTEL_SERVICE_NAME: name,
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/v1/traces`,
        },
      });
      const calls = {
        own: await app.call('call own'),
        sampled: await app.call('call sampled', { traceparent: by(SAMPLED, '01') }),
        unsampled: await app.call('call unsampled', { traceparent: by(UNSAMPLED, '00') }),
      };
      expect((await app.stop()).code).toBe(0);

      expect(mapValues(calls, (call) => parent(call).flags)).toEqual(expected);
      // What a caller began goes on, recorded or not.
      expect(parent(calls.sampled).traceId).toBe(SAMPLED);
      expect(parent(calls.unsampled).traceId).toBe(UNSAMPLED);
      const recorded = sink.spans.filter(({ resource }) => resource['service.name'] === name);
      const servers = recorded.filter(({ kind }) => kind === 2).map(({ spanId }) => spanId);
      const wanted = Object.values(calls)
        .map(parent)
        .flatMap(({ flags, spanId }) => (flags === '01' ? [spanId] : []));
      expect(servers.sort()).toEqual(wanted.sort());
      expect(recorded).toHaveLength(2 * wanted.length);
      const warnings = app.stderr.slice(0, app.stderr.indexOf('To-Do List'));
      expect(warnings).toMatch(
        sampler === 'jaeger_remote'
          ? /^OTEL_TRACES_SAMPLER: "jaeger_remote" is not supported [^\n]+\n$/
          : /^$/,
      );
    },
  );
});

/** Returns the parts of the `traceparent` that another service would receive. */
function parent({ headers }: Call) {
  const [, traceId, spanId, flags] = (headers.traceparent ?? '').split('-');
  return { traceId, spanId, flags };
}

function mapValues<K extends string, T, U>(record: Record<K, T>, map: (value: T) => U) {
  const entries = Object.entries<T>(record).map(([key, value]) => [key, map(value)]);
  return Object.fromEntries(entries) as Record<K, U>;
}

describe('a program with many settings', () => {
  let own: OtlpSink;
  let app: TalkingApp;
  beforeAll(async () => {
    own = await startOtlpSink();
    app = await spawnTalkingApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: own.url,
        OTEL_PROPAGATORS: 'none',
        OTEL_BSP_SCHEDULE_DELAY: '0',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
        OTEL_BLRP_SCHEDULE_DELAY: '0',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'DELTA',
        OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION:
          'base2_exponential_bucket_histogram',
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '10',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=loses,team=a%2Cb%20%C3%BC,service.version=9',
        OTEL_SERVICE_NAME: ' wins ',
      },
    });
  });
  afterAll(() => own.close());

  test('OTEL_PROPAGATORS=none starts a new trace and propagates nothing', async () => {
    const { headers, timers } = await app.call('call', {
      traceparent: by(SAMPLED, '01'),
      baggage: 'user=jane',
    });
    expect(headers).toEqual({});
    // For comparison with the program whose SDK is disabled.
    expect(timers).toBeGreaterThan(0);
    await own.waitFor(({ spans }) => spans.some(({ name }) => name === 'POST /add'));
    const span = own.spans.find(({ name }) => name === 'POST /add');
    expect(span?.traceId).not.toBe(SAMPLED);
    expect(span?.parentSpanId).toBe('');
  });

  test('a delay of 0 exports immediately: metrics by their interval, spans one by one', async () => {
    // By default spans wait for 5 s, log records for 1 s and metrics for a minute.
    await fetch(app.url);
    await own.waitFor(({ spans }) => spans.some(({ name }) => name === 'GET /'), 4_000);
    await own.waitFor(({ logs }) => logs.length > 0);
    const exports = () => own.requests.filter(({ signal }) => signal === 'metrics').length;
    await own.waitFor(() => exports() >= 3);
    const batches = own.requests.filter(({ signal }) => signal === 'traces');
    expect(batches.map(({ spans }) => spans.length)).toEqual([1, 1, 1, 1]);
  });

  test('sends metrics by temporality and aggregation', async () => {
    await own.waitFor(({ metrics }) => metrics.some(({ name }) => name === 'task.changes'));
    const changes = own.metrics.find(({ name }) => name === 'task.changes');
    expect(changes).toMatchObject({ type: 'sum', temporality: 1 });
    const duration = own.metrics.find(({ name }) => name === 'db.client.operation.duration');
    expect(duration).toMatchObject({ type: 'exponentialHistogram', temporality: 1 });
  });

  test('cuts texts to their limit', () => {
    const sql = own.spans.find(({ name }) => name === 'INSERT tasks');
    expect(sql?.attributes['db.query.text']).toMatch(/^insert int$/i);
  });

  test('the resource is in every record', () => {
    const records = [...own.spans, ...own.metrics, ...own.logs];
    expect(new Set(records.map(({ resource }) => resource['service.name']))).toEqual(
      new Set(['wins']),
    );
    expect(records[0]?.resource).toMatchObject({ team: 'a,b ü', 'service.version': '9' });
  });
});

test('OTEL_PROPAGATORS=b3multi extracts both forms of B3 and injects several headers', async () => {
  const env = {
    OTEL_PROPAGATORS: 'B3multi, tracecontext',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/v1/traces`,
  };
  await using app = await spawnTalkingApp({ env });
  const single = await app.call('call single', { b3: `${'c'.repeat(32)}-${PARENT}-1` });
  const multi = await app.call('call multi', {
    'X-B3-TraceId': 'd'.repeat(32),
    'X-B3-SpanId': PARENT,
    'X-B3-Sampled': '1',
  });
  await app.stop();
  for (const [call, traceId] of [
    [single, 'c'.repeat(32)],
    [multi, 'd'.repeat(32)],
  ] as const) {
    const span = sink.spans.find((each) => each.traceId === traceId && each.kind === 2);
    expect(span?.parentSpanId).toBe(PARENT);
    expect(call.headers).toEqual({
      'x-b3-traceid': traceId,
      'x-b3-spanid': span?.spanId,
      'x-b3-sampled': '1',
      traceparent: `00-${traceId}-${span?.spanId}-01`,
    });
  }
});

test('OTEL_SDK_DISABLED=true starts no timer, exports nothing, and passes the context on', async () => {
  await using own = await startOtlpSink();
  const env = { OTEL_SDK_DISABLED: ' True ', OTEL_EXPORTER_OTLP_ENDPOINT: own.url };
  await using app = await spawnTalkingApp({ env, args: ['--otlp'] });
  const headers = {
    traceparent: by(SAMPLED, '01'),
    tracestate: 'vendor=1',
    baggage: 'user=jane;note',
  };
  const call = await app.call('call', headers);
  expect(call).toMatchObject({ headers, timers: 0 });
  // Without a caller there is no trace.
  expect((await app.call('call alone')).headers).toEqual({});
  const baggage = Array.from({ length: 200 }, (_, i) => `k${i}=${'v'.repeat(40)}`).join(',');
  const cut = await app.call('call with much', { ...headers, baggage });
  expect(cut.headers.baggage?.length).toBeLessThanOrEqual(8_192);
  expect(cut.headers.baggage?.split(',').length).toBeGreaterThan(150);
  expect((await app.stop()).code).toBe(0);
  expect(own.requests).toEqual([]);
  expect(own.problems).toEqual([]);
});
