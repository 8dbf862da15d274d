import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { addTask, type Call, spawnTalkingApp } from '../../support/spawn-talking-app.ts';
import { type Exit, spawnApp } from '../../support/spawned-app.ts';

const TRACE_ID = 'a'.repeat(32);
const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

describe('a program with excluded paths, a server name and captured headers', () => {
  let sink: OtlpSink;
  let exit: Exit;
  let excluded: Call;
  beforeAll(async () => {
    sink = await startOtlpSink();
    await using app = await spawnTalkingApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_JS_EXCLUDED_URLS: '^http://127\\.0\\.0\\.1:\\d+/add\\?quiet=[12]$, /nowhere',
        OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: 'GET,PUT',
        OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST:
          'X-Tenant, Authorization,cookie,X-Api-Key,x-absent',
        OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE: 'Content-Type,Set-Cookie',
        OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED: 'true',
      },
    });
    excluded = await app.call('call', { traceparent }, '?quiet=1');
    await fetch(`${app.url}/nowhere/at/all`);
    await addTask(app, 'log milk', { traceparent: traceparent.replace(/a/g, 'b') }, '?quiet=3');
    await fetch(`${app.url}/?quiet=1`, {
      headers: {
        'x-tenant': 'blue',
        authorization: 'Basic hunter2',
        cookie: 'session=hunter2',
        'x-api-key': 'hunter2',
      },
    });
    exit = await app.stop();
    return () => sink.close();
  });

  const servers = () => sink.spans.filter(({ kind }) => kind === 2);

  test('a request whose URL matches has no span and no metrics, but passes its context on', () => {
    expect(exit.code).toBe(0);
    expect(servers().map(({ attributes }) => attributes['url.path'])).toEqual(['/add', '/']);
    expect(sink.spans.filter(({ traceId }) => traceId === TRACE_ID)).toEqual([]);
    const durations = sink.metrics.find(({ name }) => name === 'http.server.request.duration');
    expect(durations?.points.map(({ count }) => count)).toEqual([1, 1]);
    expect(excluded.headers).toEqual({ traceparent });
    // Its log records still belong to the caller's trace.
    const added = sink.logs.filter(({ body }) => body === 'task added');
    expect(added.map(({ traceId }) => traceId[0])).toEqual(['a', 'b']);
  });

  test('a method that is not among the known ones is _OTHER', () => {
    const [add, list] = servers();
    expect(list?.name).toBe('GET /');
    expect(add?.name).toBe('HTTP /add');
    expect(add?.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'POST',
    });
  });

  test('the requested headers are captured, and secrets as REDACTED', () => {
    const [add, list] = servers();
    const headers = Object.entries(list?.attributes ?? {}).filter(([name]) =>
      /^http\.\w+\.header/.test(name),
    );
    expect(Object.fromEntries(headers)).toEqual({
      'http.request.header.x-tenant': ['blue'],
      'http.request.header.authorization': ['REDACTED'],
      'http.request.header.cookie': ['REDACTED'],
      'http.request.header.x-api-key': ['REDACTED'],
      'http.response.header.content-type': [expect.stringContaining('text/html')],
    });
    expect(Object.keys(add?.attributes ?? {}).join()).not.toContain('header');
    expect(exit.stdout + exit.stderr).not.toContain('hunter2');
    const bodies = sink.requests.map(({ body }) => Buffer.from(body).toString('latin1'));
    expect(bodies.filter((body) => body.includes('hunter2'))).toEqual([]);
  });

  test('console.log() makes a record with trace, file and line, and is shown once', () => {
    const record = sink.logs.find(({ scope }) => scope.name === 'console');
    const [add] = servers();
    const file = join(root, 'test/support/programs/talking-app.ts');
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(record).toMatchObject({
      body: 'log milk { size: 3 }',
      severityText: 'INFO',
      traceId: 'b'.repeat(32),
      spanId: add?.spanId,
      attributes: {
        'code.file.path': file,
        'code.line.number': lines.findIndex((line) => line.includes('console.log(title')) + 1,
        'code.function.name': 'log',
      },
    });
    expect(`${exit.stdout}${exit.stderr}`.match(/log milk/g)).toHaveLength(1);
  });
});

test('console output moves to stderr with console exporters, and stdout stays JSON', async () => {
  await using app = await spawnApp({
    entry: join(root, 'test/support/programs/talking-app.ts'),
    env: {
      OTEL_LOGS_EXPORTER: 'console',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED: 'true',
      OTEL_PYTHON_EXCLUDED_URLS: 'quiet',
    },
  });
  await addTask(app, 'log milk');
  const { stdout, stderr } = await app.stop();
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    'OTEL_PYTHON_EXCLUDED_URLS: this is the name in OpenTelemetry Python; using it as OTEL_JS_EXCLUDED_URLS; rename it to OTEL_JS_EXCLUDED_URLS',
    'OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED: this is the name in OpenTelemetry Python; using it as OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED; rename it to OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED',
    expect.stringMatching(/^To-Do List/),
  ]);
  expect(stderr.match(/log milk/g)).toHaveLength(1);
  const records = JSON.parse(`[${stdout.replaceAll('\n}\n{', '\n},\n{')}]`);
  expect(records.map(({ body }: { body: string }) => body)).toEqual([
    'log milk { size: 3 }',
    'task added',
  ]);
});

describe.concurrent('OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN', () => {
  const entry = join(root, 'test/support/programs/faulty-app.ts');
  const event = { events: ['exception'], logs: ['request failed'] };
  const log = { events: [], logs: ['http.server.request.exception'] };

  test.each([
    ['', event],
    ['logs', log],
    ['Logs/Dup', { ...log, events: event.events }],
    // With a warning, like the default.
    ['span', event],
  ])('%j records a thrown error as %j', async (value, expected) => {
    await using sink = await startOtlpSink();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: value,
    };
    await using app = await spawnApp({ entry, env });
    expect((await addTask(app, 'throw an Error')).status).toBe(500);
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    const span = sink.spans.find(({ kind }) => kind === 2);
    expect({
      events: span?.events.map(({ name }) => name),
      logs: sink.logs.map(({ eventName, body }) => eventName || body),
    }).toEqual(expected);
    const [record] = sink.logs;
    expect(record).toMatchObject({
      severityText: 'ERROR',
      traceId: span?.traceId,
      spanId: span?.spanId,
      attributes: { 'exception.type': 'RangeError' },
    });
    expect(record?.attributes['exception.message']).toBe(
      expected === event ? undefined : 'thrown at once',
    );
    expect(stderr.startsWith('OTEL_SEMCONV')).toBe(value === 'span');
  });
});

describe.concurrent('OTEL_LOG_LEVEL', () => {
  test.each([
    ['debug', { warning: true, debug: true }],
    ['', { warning: true, debug: false }],
    ['NONE', { warning: false, debug: false }],
  ])('%j shows these messages of the SDK: %j', async (level, expected) => {
    await using sink = await startOtlpSink();
    // A partial success that refuses nothing is a warning.
    sink.answerWith({ errorMessage: 'please send less' });
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/v1/traces` };
    await using app = await spawnApp({ env: { ...env, OTEL_LOG_LEVEL: level } });
    await fetch(app.url);
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    const lines = stderr.split('\n').filter((line) => /^[\d:]{8} OpenTelemetry: /.test(line));
    const isWarning = (line: string) => line.includes('please send less');
    expect({
      warning: lines.some(isWarning),
      debug: lines.some((line) => !isWarning(line)),
    }).toEqual(expected);
  });
});
