import { context, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  getRequestStats,
  type RequestStats,
  type SqlClient,
  type TraceHttpOptions,
  traceHttp,
  traceSql,
} from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createApp(options: TraceHttpOptions = { traceResponse: true }): Hono {
  const app = new Hono().use(traceHttp({ ...telemetry, ...options }));
  app.get('/page', (c) => c.html('<p>milk</p>'));
  app.get('/timed', (c) => c.html('<p>milk</p>', 200, { 'Server-Timing': 'db;dur=53' }));
  app.get('/json', (c) => c.json({ title: 'milk' }));
  app.get('/empty', (c) => c.body(null, 204));
  app.get('/redirect', (c) => c.redirect('/page', 303));
  app.get('/broken', () => {
    throw new TypeError('no');
  });
  app.get('/fetched', () => fetch('data:text/plain,milk'));
  app.get('/events', (c) => streamSSE(c, (out) => out.writeSSE({ data: 'milk' })));
  app.onError((_error, c) => c.html('<p>sorry</p>', 500));
  return app;
}

function formatted(span: Pick<Span, 'spanContext'>): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags}`;
}

function told({ headers }: Response): (string | null)[] {
  return [headers.get('server-timing'), headers.get('traceresponse')];
}

describe('traceHttp({ traceResponse })', () => {
  test.each(['/page', '/broken'])('writes Server-Timing on the page %s', async (path) => {
    const response = await createApp().request(path);
    expect(told(response)).toEqual([`trace;desc="${formatted(telemetry.span())}"`, null]);
  });

  test.each(['/json', '/empty', '/redirect', '/nowhere', '/fetched', '/events'])(
    'writes traceresponse on %s',
    async (path) => {
      const response = await createApp().request(path);
      await response.text();
      expect(told(response)).toEqual([null, formatted(telemetry.span())]);
    },
  );

  test('keeps the headers and body of a response with immutable headers', async () => {
    const response = await createApp().request('/fetched');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain\b/);
    expect(await response.text()).toBe('milk');
  });

  test('appends to the Server-Timing header of a handler', async () => {
    const response = await createApp().request('/timed');
    const own = `trace;desc="${formatted(telemetry.span())}"`;
    expect(response.headers.get('server-timing')).toBe(`db;dur=53, ${own}`);
  });

  test('marks an unsampled trace as not sampled', async () => {
    telemetry = recordTelemetry(new AlwaysOffSampler());
    const response = await createApp().request('/json');
    expect(response.headers.get('traceresponse')).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
  });

  test('returns the span of another instrumentation', async () => {
    const outer = telemetry.tracerProvider
      .getTracer('@opentelemetry/instrumentation-http')
      .startSpan('GET', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    const active = trace.setSpan(ROOT_CONTEXT, outer);
    const response = await context.with(active, async () => createApp().request('/json'));
    expect(told(response)).toEqual([null, formatted(outer)]);
  });

  const sent = { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } };
  test.each([
    ['by default', {}],
    ['when it is false', { traceResponse: false }],
    ['for what is excluded', { traceResponse: true, exclude: () => true }],
    ['without an SDK', { traceResponse: true, tracerProvider: trace.getTracerProvider() }],
  ])('writes nothing %s', async (_, options) => {
    const app = createApp(options);
    expect(told(await app.request('/page', sent))).toEqual([null, null]);
    expect(told(await app.request('/json', sent))).toEqual([null, null]);
  });
});

describe('getRequestStats()', () => {
  function answers(options?: TraceHttpOptions) {
    const client: SqlClient = { system: 'sqlite', query: async () => [] };
    const database = traceSql(client, telemetry);
    const heard: (RequestStats | undefined)[] = [];
    async function ask(c: Context) {
      heard.push(getRequestStats());
      await database.query('select 1', []);
      const tracer = telemetry.tracerProvider.getTracer('test');
      await context.with(trace.setSpan(context.active(), tracer.startSpan('inner')), () =>
        Promise.all([database.query('select 2', []), database.query('select 3', [])]),
      );
      heard.push(getRequestStats());
      return c.text('milk');
    }
    return { app: createApp(options).get('/ask', ask), heard };
  }

  test('counts the statements of one request, also below spans of the handler', async () => {
    const { app, heard } = answers();
    await app.request('/ask');
    await app.request('/ask');
    expect(heard.map((each) => each?.statements)).toEqual([0, 3, 0, 3]);
  });

  test('counts statements of an unsampled request', async () => {
    telemetry = recordTelemetry(new AlwaysOffSampler());
    const { app, heard } = answers();
    await app.request('/ask');
    expect(heard.at(-1)?.statements).toBe(3);
  });

  test('returns the elapsed time', async () => {
    const { app, heard } = answers();
    await app.request('/ask');
    const [first, last] = heard.map((each) => each?.milliseconds ?? Number.NaN);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(last).toBeGreaterThanOrEqual(first as number);
  });

  test('returns undefined without the option and outside of a request', async () => {
    const { app, heard } = answers({});
    await app.request('/ask');
    expect([...heard, getRequestStats()]).toEqual([undefined, undefined, undefined]);
  });
});
