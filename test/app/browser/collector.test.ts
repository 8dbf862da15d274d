import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../../support/browser.ts';
import { COLLECTOR_BUILD_TIMEOUT_MS, collectorIsMissing } from '../../support/collector-build.ts';
import {
  type DeployedCollector,
  startDeployedCollector,
} from '../../support/collector-deployed.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { useTelemetryPages } from './telemetry-page.ts';

const reason = noBrowser ?? collectorIsMissing;
if (reason) test('pages that send to the Collector itself', ({ skip }) => skip(reason));
else describe('pages that send to the Collector itself', testCollector);

function testCollector(): void {
  let sink: OtlpSink;
  let collector: DeployedCollector;
  beforeAll(async () => {
    sink = await startOtlpSink();
    // Instead of port 5000, which another program may use.
    const cors = { allowed_origins: ['http://127.0.0.1:*'] };
    collector = await startDeployedCollector(sink.url, {
      receivers: { otlp: { protocols: { http: { cors } } } },
    });
  }, COLLECTOR_BUILD_TIMEOUT_MS);
  const pages = useTelemetryPages({
    get OTEL_EXPORTER_OTLP_ENDPOINT() {
      return collector.urls.http;
    },
    get BROWSER_OTLP_ENDPOINT() {
      return collector.urls.http;
    },
  });
  afterAll(async () => {
    await collector?.[Symbol.asyncDispose]();
    await sink?.close();
  });

  test('page and app export one trace of a click', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.add();
    await opened.leave();
    const find = (name: string, kind: number) =>
      sink.spans.find((span) => span.name === name && span.kind === kind);
    const findAll = () => [find('POST /add', 3), find('POST /add', 2), find('INSERT tasks', 3)];
    await sink.waitFor(() => findAll().every(Boolean));
    const [click, request, statement] = findAll();
    expect(click?.resource['service.name']).toBe('todo-web');
    expect(request?.resource['service.name']).toBe('todo');
    expect(request).toMatchObject({ traceId: click?.traceId, parentSpanId: click?.spanId });
    expect(statement).toMatchObject({ traceId: click?.traceId, parentSpanId: request?.spanId });
    expect(opened.batches).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('pages of an origin that the Collector does not allow still work', async () => {
    const opened = await pages.open('/favicon.svg');
    await opened.page.goto(pages.url.replace('127.0.0.1', 'localhost'));
    await opened.isTraced();
    await opened.add();
    // A page that was left could not report the outcome.
    await opened.page.evaluate(`dispatchEvent(new Event('pagehide'))`);
    await expect
      .poll(() => opened.complaints.join(), { timeout: 10_000 })
      .toMatch(/from origin 'http:\/\/localhost:\d+' has been blocked by CORS policy/);
    const isForeign = ({ resource, attributes }: (typeof sink.spans)[number]) =>
      resource['service.name'] === 'todo-web' && `${attributes['url.full']}`.includes('localhost');
    expect(sink.spans.filter(isForeign)).toEqual([]);
  });
}
