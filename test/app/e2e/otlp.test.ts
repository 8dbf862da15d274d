import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

const SECRETS = ['Bearer-s3cret', 'cookie-s3cret', 'query-s3cret', 'jane@example.org'];
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

describe.each(['true', 'false'])(
  'what arrives over OTLP with OTEL_JS_FAST_PATH_ENABLED=%s',
  (isFast) => {
    let sink: OtlpSink;
    let app: SpawnedApp;
    let output = '';

    beforeAll(async () => {
      sink = await startOtlpSink();
      app = await spawnApp({
        // Everywhere at once, so that the secrets are looked for in all that the program can print.
        args: [
          ...['--traces_exporter', 'otlp,console,tree'],
          ...['--metrics_exporter', 'otlp,console'],
          ...['--logs_exporter', 'otlp,console'],
        ],
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=loses',
          OTEL_SERVICE_NAME: 'wins',
          OTEL_JS_FAST_PATH_ENABLED: isFast,
          OTEL_JS_SENSITIVE_NAMES: 'tenant,x-.*',
          OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: 'X-(Own|Real).*,Referer',
        },
      });
      await fetch(`${app.url}/add`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ task: `write to ${SECRETS[3]}` }),
        headers: {
          traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
          authorization: `${SECRETS[0]}`,
          cookie: `session=${SECRETS[1]}`,
        },
      });
      await fetch(
        `${app.url}/?%73ig=${SECRETS[2]}&Token=${SECRETS[2]}&page=1&TENANT=${SECRETS[2]}`,
        {
          headers: {
            'x-own': `${SECRETS[2]}`,
            referer: `https://a.example/?api-key=${SECRETS[2]}`,
          },
        },
      );
      for (const path of ['/healthz', '/readyz', '/favicon.ico']) await fetch(app.url + path);
      const exit = await app.stop();
      expect(exit.code).toBe(0);
      output = exit.stdout + exit.stderr;
    });
    afterAll(() => sink.close());

    test('a request, its SQL and its log record are one trace', () => {
      const server = sink.spans.find(({ name }) => name === 'POST /add');
      expect(server).toMatchObject({
        kind: 2,
        traceId: TRACE_ID,
        parentSpanId: '00f067aa0ba902b7',
      });
      const sql = sink.spans.find(({ name }) => name === 'INSERT tasks');
      expect(sql).toMatchObject({
        kind: 3,
        traceId: TRACE_ID,
        parentSpanId: server?.spanId,
        attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'INSERT' },
      });
      const log = sink.logs.find(({ body }) => body === 'task added');
      expect(log).toMatchObject({
        traceId: TRACE_ID,
        spanId: server?.spanId,
        severityText: 'INFO',
        attributes: { 'task.id': expect.anything() },
      });
    });

    test('migrations, health checks, gauges and the favicon leave no spans', () => {
      expect(sink.spans.map(({ name }) => name).sort()).toEqual([
        'GET /',
        'INSERT tasks',
        'POST /add',
        'SELECT tasks',
      ]);
    });

    test.each([
      ['http.server.request.duration', 's', 'histogram'],
      ['db.client.operation.duration', 's', 'histogram'],
      ['task.changes', '{change}', 'sum'],
      ['task.count', '{task}', 'sum'],
    ])('the metric %s arrives in %s', (name, unit, type) => {
      const metric = sink.metrics.find((each) => each.name === name);
      expect(metric).toMatchObject({ unit, type });
      expect(metric?.points.length).toBeGreaterThan(0);
    });

    test('the resource describes the service and its host', () => {
      const names = { node: 'nodejs', bun: 'bun', deno: 'deno' };
      expect(sink.spans[0]?.resource).toMatchObject({
        'service.name': 'wins',
        'service.version': expect.stringMatching(/^\d/),
        'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'deployment.environment.name': 'test',
        'telemetry.sdk.name': 'opentelemetry',
        'telemetry.sdk.language': expect.any(String),
        'process.runtime.name': names[currentRuntime],
        'process.runtime.version': expect.stringMatching(/^\d/),
        'process.pid': expect.anything(),
        'process.creation.time': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      for (const record of [...sink.metrics, ...sink.logs]) {
        expect(record.resource).toEqual(sink.spans[0]?.resource);
      }
    });

    test('every scope has the version of the app, and every request the schema of the conventions', () => {
      const version = sink.spans[0]?.resource['service.version'];
      const records = [...sink.spans, ...sink.metrics, ...sink.logs];
      const ours = records.filter(({ scope }) => !scope.name.startsWith('@opentelemetry/'));
      const versions = new Map(ours.map(({ scope }) => [scope.name, scope.version]));
      expect(versions.size).toBeGreaterThan(3);
      for (const [name, each] of versions) expect([name, each]).toEqual([name, version]);
      for (const { body } of sink.requests) {
        expect(Buffer.from(body).toString('latin1')).toContain('opentelemetry.io/schemas/1.45.0');
      }
    });

    test('every request decodes by the official definitions, with no unknown field', () => {
      expect(sink.problems).toEqual([]);
      expect(sink.requests.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
    });

    test.each(SECRETS)('%s is in no signal and no output', (secret) => {
      // A leak would be visible: both outputs show these requests.
      expect(output).toContain('"url.query": "%73ig=REDACTED');
      expect(output).toContain('└─ INFO task added');
      const bodies = sink.requests.map(({ body }) => Buffer.from(body).toString('latin1'));
      expect([...bodies, output].filter((text) => text.includes(secret))).toEqual([]);
      const queries = sink.spans.flatMap(({ attributes }) => attributes['url.query'] ?? []);
      expect(queries).toEqual(['%73ig=REDACTED&Token=REDACTED&page=1&TENANT=REDACTED']);
      const headers = sink.spans.flatMap(({ attributes }) => [
        attributes['http.request.header.x-own'] ?? [],
        attributes['http.request.header.referer'] ?? [],
      ]);
      expect(headers.flat()).toEqual(['REDACTED', 'https://a.example/?api-key=REDACTED']);
    });
  },
);
