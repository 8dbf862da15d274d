import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserBatch, browserSpan, sendBatch, text } from '../../support/browser-batch.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { sendRaw } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

const PATH = '/otlp/v1/traces';
const JSON_TYPE = { 'Content-Type': 'application/json' };

function post(app: SpawnedApp, body: unknown, headers?: Record<string, string>) {
  return sendBatch((init) => fetch(app.url + PATH, init), body, headers) as Promise<Response>;
}

/** Loads the page and returns the span that `Server-Timing` names: `00-<trace>-<span>-<flags>`. */
async function loadPage(app: SpawnedApp) {
  const response = await fetch(app.url);
  const timing = response.headers.get('server-timing') ?? '';
  const [, traceId = '', spanId = ''] = /^trace;desc="00-(\w+)-(\w+)-01"$/.exec(timing) ?? [];
  return { traceId, spanId };
}

describe.each(['true', 'false'])(
  'spans of the page with OTEL_JS_FAST_PATH_ENABLED=%s',
  (isFast) => {
    let sink: OtlpSink;
    let app: SpawnedApp;
    let page: { readonly traceId: string; readonly spanId: string };
    let output = { stdout: '', stderr: '' };
    const LOAD = 'aaaaaaaaaaaaaaa1';
    const FETCH = 'aaaaaaaaaaaaaaa2';
    const hostile = '\x1b[31m\u009b2J\u202e\nfake: 200 OK?token=s3cret';

    beforeAll(async () => {
      sink = await startOtlpSink();
      app = await spawnApp({
        args: ['--traces_exporter', 'otlp,console,tree', '--logs_exporter', 'none'],
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '5',
          OTEL_JS_FAST_PATH_ENABLED: isFast,
        },
      });
      page = await loadPage(app);
      const { traceId } = page;
      const documentLoad = browserSpan({ traceId, spanId: LOAD, parentSpanId: page.spanId });
      const documentFetch = browserSpan({
        traceId,
        spanId: FETCH,
        parentSpanId: LOAD,
        name: 'documentFetch',
        attributes: [
          text('http.url', `${app.url}/?sig=s3cret`),
          text('service.name', 'forged'),
          text('hostile', hostile),
          ...Array.from({ length: 200 }, (_, i) => text(`key${i}`, 'x')),
        ],
        events: [{ name: hostile, timeUnixNano: documentLoad.endTimeUnixNano, attributes: [] }],
      });
      const hidden = browserSpan({ traceId, spanId: 'a'.repeat(16), flags: 0, name: 'unsampled' });
      const named = browserSpan({ traceId, spanId: 'c'.repeat(16), name: hostile });
      const batch = browserBatch(documentLoad, documentFetch, hidden, named, { traceId });
      const response = await post(app, batch, { 'Sec-Fetch-Site': 'same-origin' });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
      output = await app.stop();
    });
    afterAll(() => sink.close());

    const find = (name: string) => sink.spans.find((span) => span.name === name);

    test('arrive over OTLP below the span of the server that delivered the page', () => {
      const server = find('GET /');
      expect(server).toMatchObject(page);
      expect(find('documentLoad')).toMatchObject({
        traceId: page.traceId,
        parentSpanId: server?.spanId,
      });
      expect(find('documentFetch')).toMatchObject({ traceId: page.traceId, parentSpanId: LOAD });
    });

    test('belong to the service todo-web, even if they claim another one', () => {
      for (const name of ['documentLoad', 'documentFetch']) {
        const resource = find(name)?.resource;
        expect(resource).toMatchObject({
          'service.name': 'todo-web',
          'service.version': expect.stringMatching(/^\d/),
          'telemetry.sdk.language': 'webjs',
        });
        expect(Object.keys(resource ?? {})).toHaveLength(5);
        expect(find(name)?.scope.name).toBe('todo.browser');
      }
      expect(find('GET /')?.resource['service.name']).toBe('todo');
    });

    test('keep to the limits, and lose their secrets', () => {
      const attributes = find('documentFetch')?.attributes;
      expect(Object.keys(attributes ?? {})).toHaveLength(5);
      expect(attributes).toMatchObject({ 'http.url': `${app.url}/?sig=REDACTED` });
      const bodies = sink.requests.map(({ body }) => Buffer.from(body).toString('latin1'));
      expect([...bodies, output.stdout, output.stderr].join('')).not.toContain('s3cret');
    });

    test('are left out unsampled, and make no spans by arriving', () => {
      const names = sink.spans.map(({ name }) => name).filter((name) => /^\w/.test(name));
      expect(names.sort()).toEqual(['GET /', 'SELECT tasks', 'documentFetch', 'documentLoad']);
      expect(sink.problems).toEqual([]);
    });

    test('appear on the console as one document each', () => {
      const documents = JSON.parse(`[${output.stdout.replaceAll('\n}\n{', '\n},\n{')}]`) as {
        readonly name: string;
      }[];
      const load = documents.find(({ name }) => name === 'documentLoad');
      expect(load).toMatchObject({
        context: { trace_id: `0x${page.traceId}`, span_id: `0x${LOAD}` },
        parent_id: `0x${page.spanId}`,
        resource: { attributes: { 'service.name': 'todo-web' } },
      });
      // Between JSON's own escapes nothing that a terminal would obey.
      expect(output.stdout).not.toMatch(/[^\P{C}\n]/u);
    });

    test('make one line in the terminal', () => {
      const { traceId } = page;
      const line = `^[\\d:.]{12} page loaded in 250 ms  trace ${traceId}$`;
      expect(output.stderr).toMatch(new RegExp(line, 'm'));
      expect(output.stderr).not.toContain('documentFetch');
      expect(output.stderr).not.toMatch(/[^\P{C}\n]/u);
      expect(output.stderr).not.toMatch(/^fake/m);
    });

    test('are counted as exported', () => {
      expect(output.stderr).toMatch(/Traces to otlp: 5 spans created, 5 exported/);
      expect(output.stderr).toMatch(/Traces to tree: 5 spans created, 5 exported/);
    });
  },
);

describe('the intake of spans', () => {
  let app: SpawnedApp;
  beforeAll(async () => {
    app = await spawnApp({ env: { RATE_LIMIT: '2' } });
  });

  test('another content type gets 415', async () => {
    const response = await post(app, browserBatch(), { 'Content-Type': 'text/plain' });
    expect(response.status).toBe(415);
  });

  test('a body of 100 kB gets 413', async () => {
    const large = browserBatch(browserSpan({ name: 'x'.repeat(100_000) }));
    expect((await post(app, large)).status).toBe(413);
    const length = { 'Content-Length': '100000' };
    expect(await sendRaw(app.url, `POST ${PATH}`, { ...JSON_TYPE, ...length })).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  test('a request from another site gets 403', async () => {
    const site = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://b.example' };
    expect((await post(app, browserBatch(browserSpan()), site)).status).toBe(403);
    expect((await post(app, '{}', { Origin: 'https://b.example' })).status).toBe(403);
    const preflight = { Origin: 'https://b.example', 'Access-Control-Request-Method': 'POST' };
    const answer = await fetch(app.url + PATH, { method: 'OPTIONS', headers: preflight });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    ['lists that lie too deep', '['.repeat(30_000)],
    ['lists that lie deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('a body with %s gets 400', async (_, body) => {
    const init = { method: 'POST', headers: JSON_TYPE, body };
    expect((await fetch(app.url + PATH, init)).status).toBe(400);
  });

  test('100 batches per second get 429, and changes are still possible', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(app, {})));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
    const body = new URLSearchParams({ task: 'milk' });
    const added = await fetch(`${app.url}/add`, { method: 'POST', body, redirect: 'manual' });
    expect(added.status).toBe(303);
  });

  test('leaves neither spans nor an error', async () => {
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/otlp\/v1|documentLoad|ERROR|✗/);
  });
});

test.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])(
  'the intake does not exist when spans are not exported: %j',
  async (env) => {
    await using app = await spawnApp({ env });
    expect((await post(app, browserBatch(browserSpan()))).status).toBe(404);
  },
);
