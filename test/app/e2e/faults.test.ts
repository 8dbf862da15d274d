import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

const entry = fileURLToPath(new URL('../../support/programs/faulty-app.ts', import.meta.url));

function addTask(app: SpawnedApp, task: string): Promise<Response> {
  const body = new URLSearchParams({ task });
  return fetch(`${app.url}/add`, { method: 'POST', body, redirect: 'manual' });
}

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startOtlpSink();
});
afterAll(() => sink.close());

describe('a request that fails', () => {
  let app: SpawnedApp;
  beforeAll(async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
    app = await spawnApp({ entry, args: ['--otlp'], env });
  });

  test.each([
    ['throw an Error', 'RangeError', 'thrown at once'],
    ['throw a string', 'Error', expect.any(String)],
    ['throw null', 'Error', expect.any(String)],
  ])(
    'a handler that fails by "%s" gets a 500 page, and the app continues',
    async (task, type, message) => {
      const response = await addTask(app, task);
      const page = await response.text();
      expect(response.status).toBe(500);
      const [, traceId] = /Trace <code>([0-9a-f]{32})/.exec(page) ?? [];
      expect(page).not.toContain('thrown at once');

      await sink.waitFor(({ spans }) =>
        spans.some((each) => each.traceId === traceId && each.kind === 2),
      );
      const span = sink.spans.find((each) => each.traceId === traceId && each.kind === 2);
      expect(span).toMatchObject({ name: 'POST /add', status: { code: 2 } });
      expect(span?.attributes).toMatchObject({
        'http.response.status_code': 500,
        'error.type': type,
      });
      expect(span?.events).toEqual([
        expect.objectContaining({
          name: 'exception',
          attributes: expect.objectContaining({
            'exception.type': type,
            'exception.message': message,
          }),
        }),
      ]);
      expect((await fetch(app.url)).status).toBe(200);
    },
  );
});

test('an exporter that throws is reported once, and the app continues', async () => {
  const exporters = {
    OTEL_TRACES_EXPORTER: 'console',
    OTEL_METRICS_EXPORTER: 'console',
    OTEL_LOGS_EXPORTER: 'console',
  };
  await using app = await spawnApp({ entry, env: exporters });
  for (let i = 0; i < 5; i++) expect((await addTask(app, `task ${i}`)).status).toBe(303);
  await app.waitFor(({ stderr }) => stderr.includes(' to console: '));
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr.match(/ to console: .* dropped; this exporter is broken$/gm)).toHaveLength(1);
  expect(stderr).toContain(
    'Traces to console: 10 spans created, 0 exported, 10 dropped (the export failed).',
  );
});

/**
 * The crash whose handler a runtime calls outside of the request's context: it is unknown which
 * span to mark.
 */
const CONTEXT_IS_LOST: Partial<Record<typeof currentRuntime, string>> = {
  bun: 'reject later',
  deno: 'throw later',
};

describe.concurrent('a crash within a request', () => {
  test.each([
    ['throw later', 'uncaught exception', 'thrown later'],
    ['reject later', 'unhandled rejection', 'rejected later'],
  ])(
    '("%s") is exported as a log record, marks the span, and ends the program with 1',
    async (task, body, message) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
      await using app = await spawnApp({ entry, args: ['--otlp'], env });
      const answer = addTask(app, task).catch(() => undefined);
      const { code, stderr } = await app.exited;
      expect(code).toBe(1);
      expect(stderr).toContain(`\n${body}: RangeError: ${message}\n    at `);
      // The request was in flight and got its response.
      expect((await answer)?.status).toBe(303);

      const log = sink.logs.find((record) => record.body === body);
      expect(log).toMatchObject({
        severityNumber: 21,
        severityText: 'FATAL',
        attributes: { 'exception.type': 'RangeError', 'exception.message': message },
      });
      const instance = log?.resource['service.instance.id'];
      const span = sink.spans.find(
        ({ kind, resource }) => kind === 2 && resource['service.instance.id'] === instance,
      );
      expect(span?.name).toBe('POST /add');
      const isMarked = CONTEXT_IS_LOST[currentRuntime] !== task;
      expect(log?.traceId).toBe(isMarked ? span?.traceId : '');
      expect(span?.status.code).toBe(isMarked ? 2 : 0);
      expect(span?.attributes['error.type']).toBe(isMarked ? 'RangeError' : undefined);
    },
  );

  test.each([
    ['throw without a stack', 'uncaught exception: RangeError: bare', 'RangeError'],
    ['throw a string later', 'uncaught exception: thrown later', 'string'],
    ['throw null later', 'uncaught exception: null', 'null'],
    ['throw what has no text', 'uncaught exception: something that has no text', 'object'],
    ['reject with nothing', 'unhandled rejection: undefined', 'undefined'],
  ])(
    '("%s") is reported as "%s", exported, and ends the program with 1',
    async (task, message, type) => {
      await using own = await startOtlpSink();
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: own.url };
      await using app = await spawnApp({ entry, args: ['--otlp'], env });
      const answer = addTask(app, task).catch(() => undefined);
      const { code, stderr } = await app.exited;
      expect(code).toBe(1);
      expect(stderr.split('\n')).toContain(message);
      expect((await answer)?.status).toBe(303);
      const crash = own.logs.find(({ severityText }) => severityText === 'FATAL');
      expect(crash?.attributes).toMatchObject({ 'exception.type': type });
    },
  );
});
