import { describe, expect, test } from 'vitest';
import { browserBatch, browserSpan, sendBatch, text } from '../../support/browser-batch.ts';
import { type OtlpAnswer, type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

function post(app: SpawnedApp, body: unknown, headers?: Record<string, string>) {
  const request = (init: RequestInit) => fetch(`${app.url}/otlp/v1/traces`, init);
  return sendBatch(request, body, headers) as Promise<Response>;
}

const spanIds = Array.from({ length: 100 }, (_, i) => (i + 1).toString(16).padStart(16, '0'));
const fullBatch = () => browserBatch(...spanIds.map((spanId) => browserSpan({ spanId })));

/** Values of a counter by `error.type`; '' is success. */
function countsOf(sink: OtlpSink, name: string): Record<string, number | undefined> {
  const points = sink.metrics.filter((metric) => metric.name === name).at(-1)?.points ?? [];
  const entries = points.map(({ attributes, value }) => [attributes['error.type'] ?? '', value]);
  return Object.fromEntries(entries);
}

describe.each(['true', 'false'])('with OTEL_JS_FAST_PATH_ENABLED=%s', (isFast) => {
  function spawn(sink: OtlpSink, env: Record<string, string> = {}): Promise<SpawnedApp> {
    return spawnApp({
      args: ['--otlp'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_JS_FAST_PATH_ENABLED: isFast,
        ...env,
      },
    });
  }

  test("spans of pages leave half of the queue to the app's own", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<OtlpAnswer>();
    await using sink = await startOtlpSink();
    sink.answerWith(({ signal }) => (signal === 'traces' ? released : {}));
    await using app = await spawn(sink, {
      OTEL_BSP_MAX_QUEUE_SIZE: '200',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '20',
    });
    for (let i = 0; i < 10; i += 1) expect((await post(app, fullBatch())).status).toBe(200);
    for (let i = 0; i < 90; i += 1) await fetch(`${app.url}/nothing`);
    release({});
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(sink.spans.filter(({ name }) => name === 'GET')).toHaveLength(90);
    const received = sink.spans.filter(({ scope }) => scope.name === 'todo.browser').length;
    // Half of the queue, and what was sent before the sink stopped responding.
    expect(received).toBeGreaterThanOrEqual(100);
    expect(received).toBeLessThanOrEqual(140);
    expect(stderr).toContain(
      `1090 spans created, ${received + 90} exported, ${1_000 - received} dropped`,
    );
  });

  test.each(['http/protobuf', 'http/json'])(
    'unusual values cost neither their span nor the rest of the batch over %s',
    async (protocol) => {
      await using sink = await startOtlpSink();
      await using app = await spawn(sink, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      const odd = [
        { doubleValue: 'NaN' },
        { doubleValue: -0 },
        { doubleValue: 1.5e300 },
        { doubleValue: 5e-324 },
        { doubleValue: Number.POSITIVE_INFINITY },
        { intValue: '9223372036854775807' },
        { intValue: '99999999999999999999' },
        { intValue: 9_007_199_254_740_991 },
        { intValue: -9_007_199_254_740_991 },
        { stringValue: '\ud800 \u0000 \x9b' },
        { stringValue: { nested: true } },
        { arrayValue: { values: [{ kvlistValue: {} }] } },
        { bytesValue: '!' },
        {},
        null,
      ].map((value, i) => ({ key: `odd${i}`, value }));
      const attributes = [...odd, 7, { key: '' }, { key: 'constructor' }, text('kept', 'yes')];
      const time = `${Math.floor(Date.now() / 1_000)}000000000`;
      const spans = [
        browserSpan({ spanId: spanIds[0], name: 'odd', attributes, events: [{ name: 'e' }, 7] }),
        browserSpan({
          spanId: spanIds[1],
          name: 'odd event',
          events: [{ name: 'e', timeUnixNano: time, attributes }],
        }),
        browserSpan({ spanId: spanIds[2], name: 'no lists', attributes: 7, events: {} }),
        browserSpan({ spanId: spanIds[3], startTimeUnixNano: 'soon' }),
        null,
        browserSpan({ spanId: spanIds[4], name: 'good' }),
      ];
      // JSON has no infinity, but numbers that become one.
      const body = JSON.stringify(browserBatch(...spans)).replaceAll('null}', '1e400}');
      const response = await post(app, body);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '2' } });
      const { stderr } = await app.stop();
      expect(stderr).toMatch(/4 spans created, 4 exported/);
      expect(sink.problems).toEqual([]);
      const names = ['odd', 'odd event', 'no lists', 'good'];
      expect(sink.spans.map(({ name }) => name).sort()).toEqual(names.sort());
      const found = sink.spans.find(({ name }) => name === 'odd');
      expect(found?.attributes).toMatchObject({ kept: 'yes', odd7: 2 ** 53 - 1 });
    },
  );

  test('refused and accepted batches are counted by outcome', async () => {
    await using sink = await startOtlpSink();
    await using app = await spawn(sink);
    await post(app, browserBatch(browserSpan(), 7, 8));
    await post(app, '{');
    await post(app, '{}', { Origin: 'https://b.example' });
    await post(app, '{}', { 'Content-Type': 'text/plain' });
    await post(app, browserBatch(browserSpan({ name: 'x'.repeat(100_000) })));
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await post(app, '{}')).status),
    );
    const accepted = statuses.filter((status) => status === 200).length;
    expect((await app.stop()).code).toBe(0);
    expect(accepted).toBeLessThan(60);
    expect(countsOf(sink, 'browser_span.batch.received')).toEqual({
      '': accepted + 1,
      400: 1,
      403: 1,
      413: 1,
      415: 1,
      429: 60 - accepted,
    });
    expect(countsOf(sink, 'browser_span.received')).toEqual({ '': 1, rejected: 2 });
  });
});
