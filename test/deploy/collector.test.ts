import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { validateConfig } from '../support/collector.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { startDeployedCollector } from '../support/collector-deployed.ts';
import { freePort } from '../support/free-port.ts';
import { openOtlp, send as sendOver } from '../support/otlp-protocols.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { recordSpans } from '../support/sdk-records.ts';
import { waitUntil } from '../support/wait-until.ts';

const reason =
  currentRuntime === 'node'
    ? collectorIsMissing
    : 'no runtime of ours takes part: it is run once, on Node';
if (reason) test('the configuration in deploy/', ({ skip }) => skip(reason));
else describe('the configuration in deploy/', testConfiguration);

const inDeploy = (file: string) => join(root, 'deploy', file);

interface SpanOptions {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly isFailed?: boolean;
  readonly millis?: number;
}

/** Returns one span of a new trace as OTLP/JSON. */
function spanRequest({ attributes = {}, isFailed = false, millis = 1 }: SpanOptions): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: String(now - BigInt(millis) * 1_000_000n),
    endTimeUnixNano: String(now),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
    status: isFailed ? { code: 2 } : {},
  };
  const service = { key: 'service.name', value: { stringValue: 'todo' } };
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: [service] }, scopeSpans: [{ spans: [span] }] }],
  });
}

async function send(
  url: string,
  signal: 'traces' | 'logs',
  body: string,
  abort: AbortSignal | null = null,
): Promise<void> {
  const { status } = await fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: abort,
  });
  expect(status).toBe(200);
}

function testConfiguration(): void {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  test('docs/talk has a configuration that the Collector accepts', async () => {
    const file = join(root, 'docs/talk/300/190-collector/collector.yaml');
    expect(await validateConfig([file])).toBe('');
  });

  async function sendSpan(url: string, sink: OtlpSink, options: SpanOptions) {
    await send(url, 'traces', spanRequest(options));
    await sink.waitFor(({ spans }) => spans.length > 0);
    return sink.spans[0];
  }

  test('is accepted by the Collector, with its profile and without', async () => {
    expect(await validateConfig([inDeploy('collector.yaml')])).toBe('');
    const both = [inDeploy('collector.yaml'), inDeploy('tail-sampling.yaml')];
    expect(await validateConfig(both)).toBe('');
    // It would be seen.
    const wrong = { service: { pipelines: { traces: { processors: ['bach'] } } } };
    expect(await validateConfig([inDeploy('collector.yaml'), wrong])).toContain('bach');
  });

  test.each([
    ['http.request.header.authorization', 'Bearer abcdefghijkl', '****'],
    ['db.password', 'hunter2', '****'],
    ['note', 'it said Bearer abcdefghijkl today', 'it said **** today'],
    ['note', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.abc-def', '****'],
    ['note', 'AKIAIOSFODNN7EXAMPLE', '****'],
    ['url.query', 'sig=s3cret&page=1', '****&page=1'],
    ['url.full', 'https://jane:s3cret@example.org/', 'https****example.org/'],
    ['url.query', 'sig=REDACTED&token=s3cret', '****&****'],
    [
      'db.query.text',
      'select "id" from "tasks" where "id" = ?',
      'select "id" from "tasks" where "id" = ?',
    ],
    ['http.route', '/delete/:id', '/delete/:id'],
  ])('turns %s %s into %s', async (key, value, expected) => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url);
    const span = await sendSpan(collector.urls.http, sink, { attributes: { [key]: value } });
    expect(span?.attributes).toEqual({ [key]: expected });
  });

  test('counts spans for the Monitor tab, and shows log records in its output', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url);
    await sendSpan(collector.urls.http, sink, { isFailed: true });
    const logRecords = [{ body: { stringValue: 'task added' } }];
    const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    await send(collector.urls.http, 'logs', logs);
    await waitUntil(
      () => collector.output.includes('task added'),
      5_000,
      () => collector.output,
    );
    let exposed = '';
    await expect
      .poll(
        async () => {
          exposed = await (await fetch(collector.metricsUrl)).text();
          return exposed;
        },
        { timeout: 5_000 },
      )
      // The names that Jaeger asks for, see `normalize_*` in jaeger.yaml.
      .toMatch(/^traces_span_metrics_duration_milliseconds_bucket\{/m);
    // Most requests take less than the first bound of the connector's own.
    expect(exposed).toMatch(/duration_milliseconds_bucket\{.*le="0\.5"\}/);
    expect(exposed).toMatch(
      /^traces_span_metrics_calls_total\{.*service_name="todo",span_kind="SPAN_KIND_SERVER",span_name="GET \/",status_code="STATUS_CODE_ERROR"/m,
    );
  });

  test('accepts a batch over gRPC that is larger than the default limit of 4 MiB', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url);
    const attributes = { text: 'x'.repeat(100_000) };
    const batch = recordSpans((tracer) => {
      for (let i = 0; i < 50; i += 1) tracer.startSpan('long', { attributes }).end();
    });
    const exporter = await openOtlp('grpc', collector.urls.grpc);
    expect(await sendOver(exporter, 'traces', batch)).toEqual({ code: 0 });
    await sink.waitFor(({ spans }) => spans.length === 50);
  });

  test('lets only pages of the app send telemetry', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url);
    const allowed = async (origin: string) => {
      const answer = await fetch(`${collector.urls.http}/v1/traces`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      return answer.headers.get('access-control-allow-origin');
    };
    for (const host of ['localhost', '127.0.0.1']) {
      for (const port of [5000, 5001, 5002]) {
        expect(await allowed(`http://${host}:${port}`)).toBe(`http://${host}:${port}`);
      }
    }
    expect(await allowed('http://localhost:5003')).toBeNull();
    expect(await allowed('http://evil.example')).toBeNull();
  });

  test('logs that Jaeger cannot be reached', async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    await using collector = await startDeployedCollector(away);
    await send(collector.urls.http, 'traces', spanRequest({}));
    await waitUntil(
      () => /otlp_http\/jaeger.*connection refused/s.test(collector.output),
      10_000,
      () => collector.output,
    );
  });

  test('drops nothing that was answered with success while Jaeger is stuck', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url, {
      processors: { batch: { send_batch_size: 1, send_batch_max_size: 1 } },
      exporters: {
        'otlp_http/jaeger': {
          sending_queue: { queue_size: 5, num_consumers: 1 },
          retry_on_failure: { initial_interval: '100ms', max_interval: '100ms' },
        },
      },
    });
    sink.answerWith({ status: 503 });
    let taken = 0;
    const sending = async () => {
      for (;;) {
        await send(collector.urls.http, 'traces', spanRequest({}), AbortSignal.timeout(1_000));
        taken += 1;
      }
    };
    // Full, it does not answer any more.
    await expect(sending()).rejects.toThrow(/timeout/i);
    sink.answerWith({});
    await sink.waitFor(({ spans }) => spans.length >= taken, 20_000);
    expect(taken).toBeGreaterThan(5);
  });

  test('tail sampling keeps failed and slow traces and a share of the others, and counts all', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startDeployedCollector(sink.url, inDeploy('tail-sampling.yaml'), {
      processors: { tail_sampling: { decision_wait: '500ms' } },
    });
    const others = 100;
    for (const options of [{ isFailed: true }, { millis: 800 }, ...Array(others).fill({})]) {
      await send(collector.urls.http, 'traces', spanRequest(options));
    }
    await collector.stop();
    const kept = (predicate: (span: (typeof sink.spans)[number]) => boolean) =>
      sink.spans.filter(predicate).length;
    expect(kept(({ status }) => status.code === 2)).toBe(1);
    expect(kept(({ startTime, endTime }) => endTime - startTime >= 500_000_000n)).toBe(1);
    expect(sink.spans.length).toBeLessThan(others / 2);
  });
}
