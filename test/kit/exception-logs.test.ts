import { DiagLogLevel, diag } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordCrash, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';

/** The global of `@opentelemetry/api`. Version 1.10 adds `logs` to it. */
const API = Symbol.for('opentelemetry.js.api.1');

let warnings: string[];
let telemetry: RecordedTelemetry;

beforeEach(() => {
  warnings = [];
  telemetry = recordTelemetry();
  const ignore = () => {};
  diag.setLogger(
    {
      error: ignore,
      warn: (text) => void warnings.push(text),
      info: ignore,
      debug: ignore,
      verbose: ignore,
    },
    DiagLogLevel.WARN,
  );
});

afterEach(() => {
  logs.disable();
  const api = Object.getOwnPropertyDescriptor(globalThis, API)?.value;
  delete api.logs;
  diag.disable();
});

async function failingRequest(options: Parameters<typeof traceHttp>[0]): Promise<void> {
  const { tracerProvider, meterProvider } = telemetry;
  const app = new Hono();
  app.use(traceHttp({ tracerProvider, meterProvider, ...options }));
  app.onError((_, c) => c.text('failed', 500));
  app.get('/', () => {
    throw new RangeError('no');
  });
  await app.request('/');
}

const exception = {
  eventName: 'http.server.request.exception',
  severityNumber: 17,
  attributes: { 'exception.type': 'RangeError', 'exception.message': 'no' },
};

test('traceHttp() reports once that no logger provider receives exceptions', async () => {
  await failingRequest({ exceptions: 'span' });
  recordCrash('no', 'crash');
  expect(warnings).toEqual([]);
  await failingRequest({ exceptions: 'logs' });
  await failingRequest({ exceptions: 'logs/dup' });
  recordCrash('no', 'crash', 'logs');
  expect(warnings).toEqual([expect.stringContaining('no logger provider is registered')]);
});

test('traceHttp() finds the logger provider of @opentelemetry/api-logs', async () => {
  logs.setGlobalLoggerProvider(telemetry.loggerProvider);
  await failingRequest({ exceptions: 'logs' });
  expect(telemetry.logs()).toMatchObject([exception]);
});

test('traceHttp() finds the logger provider of @opentelemetry/api 1.10', async () => {
  const api = Object.getOwnPropertyDescriptor(globalThis, API)?.value;
  api.logs = telemetry.loggerProvider;
  await failingRequest({ exceptions: 'logs' });
  expect(telemetry.logs()).toMatchObject([exception]);
});

test('traceHttp() prefers the loggerProvider option', async () => {
  logs.setGlobalLoggerProvider(recordTelemetry().loggerProvider);
  await failingRequest({ exceptions: 'logs', loggerProvider: telemetry.loggerProvider });
  expect(telemetry.logs()).toMatchObject([exception]);
});
