import { DiagLogLevel, diag, type MeterProvider, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

const diagnostics: string[] = [];

beforeEach(() => {
  diagnostics.length = 0;
  const note = (...words: unknown[]) => void diagnostics.push(words.map(String).join(' '));
  diag.setLogger(
    { error: note, warn: note, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
});
afterEach(() => diag.disable());

const fail = (): never => {
  throw new Error('telemetry is broken');
};

const processor: SpanProcessor = {
  onStart() {},
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};

function tracing(broken: Partial<SpanProcessor>): TraceHttpOptions {
  const spanProcessors = [{ ...processor, ...broken }];
  return { tracerProvider: new BasicTracerProvider({ spanProcessors }) };
}

const meter = new Proxy({}, { get: () => () => ({ record: fail, add: fail }) });

const faults: [string, TraceHttpOptions][] = [
  [
    'a tracer that throws',
    { tracerProvider: { getTracer: () => ({ startSpan: fail, startActiveSpan: fail }) } },
  ],
  ['a span that cannot be started', tracing({ onStart: fail })],
  ['a span that cannot be ended', tracing({ onEnd: fail })],
  ['a meter that throws', { meterProvider: { getMeter: fail } }],
  [
    'a histogram that throws',
    { meterProvider: { getMeter: () => meter } as unknown as MeterProvider },
  ],
  ['a function for trusted proxies that throws', { ...tracing({}), trustProxy: fail }],
  ['a function for excluded requests that throws', { exclude: fail }],
];

describe('traceHttp()', () => {
  test.each(faults)(
    'responds normally with %s, and reports the error to diag',
    async (_name, options) => {
      const app = new Hono().use(traceHttp(options));
      app.get('/', (c) => c.text('milk'));
      app.get('/stream', () => new Response(new Blob(['mi', 'lk']).stream()));
      app.get('/error', () => {
        throw new Error('of the app');
      });
      app.onError((error, c) => c.text(error.message, 500));

      const env = { peer: { address: '192.0.2.1', port: 1 } };
      for (const [path, status, text] of [
        ['/', 200, 'milk'],
        ['/stream', 200, 'milk'],
        ['/error', 500, 'of the app'],
        ['/nowhere', 404, '404 Not Found'],
      ] as const) {
        const response = await app.request(path, {}, env);
        expect({ status: response.status, text: await response.text() }).toEqual({ status, text });
      }
      expect(diagnostics).toContainEqual(expect.stringContaining('telemetry is broken'));
    },
  );

  test('runs a handler once with any fault', async () => {
    for (const [, options] of faults) {
      const handler = vi.fn(() => new Response('milk'));
      await new Hono().use(traceHttp(options)).get('/', handler).request('/');
      expect(handler).toHaveBeenCalledOnce();
    }
  });

  test('ends the span of a response whose body is already being read', async () => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp(telemetry));
    app.get('/', () => {
      const response = new Response(new Blob(['milk']).stream());
      response.body?.getReader();
      return response;
    });
    expect((await app.request('/')).status).toBe(200);
    expect(telemetry.span().name).toBe('GET /');
  });

  test('responds normally when the exporter throws', async () => {
    const exporter: SpanExporter = { export: fail, shutdown: async () => {} };
    const app = new Hono().use(traceHttp(tracing(new SimpleSpanProcessor(exporter))));
    app.get('/', (c) => c.text('milk'));
    expect((await app.request('/')).status).toBe(200);
  });

  test.each([
    [
      'name',
      {
        get name() {
          return fail();
        },
      },
    ],
    [
      'message',
      {
        get message() {
          return fail();
        },
      },
    ],
    [
      'stack',
      {
        get stack() {
          return fail();
        },
      },
    ],
    [
      'class',
      {
        get constructor() {
          return fail();
        },
      },
    ],
  ])('ends the span of an error whose %s cannot be read', async (_name, getter) => {
    const telemetry = recordTelemetry();
    const thrown = Object.defineProperties(
      new Error('no'),
      Object.getOwnPropertyDescriptors(getter),
    );
    const app = new Hono().use(traceHttp(telemetry));
    app.get('/', () => {
      throw thrown;
    });
    app.onError((_error, c) => c.text('sorry', 500));
    expect((await app.request('/')).status).toBe(500);
    expect(telemetry.span().attributes['http.response.status_code']).toBe(500);
  });

  test('ends the span when an attribute cannot be stringified', async () => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp(telemetry));
    app.get('/', (c) => {
      trace.getActiveSpan()?.setAttribute('hostile', { toString: fail } as unknown as string);
      return c.text('milk');
    });
    expect((await app.request('/')).status).toBe(200);
    expect(telemetry.span().attributes).not.toHaveProperty('hostile');
  });
});
