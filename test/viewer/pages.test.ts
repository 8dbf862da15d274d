import { gzipSync } from 'node:zlib';
import { SpanKind } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { createPages } from '../../packages/opentelemetry-viewer/src/pages/index.ts';
import {
  VIEWER_SCRIPT,
  VIEWER_STYLE,
} from '../../packages/opentelemetry-viewer/src/pages/page/assets.generated.ts';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import { createFixtureMetrics, createFixtureStore } from './fixture-store.ts';
import { makeGauge, makeRouteSeries } from './hand-made-series.ts';
import { makePageTrace, makeSpan, NOON, TRACE_ID, toHrTime } from './page-spans.ts';
import { createPagesApp, FAILED_TRACE_ID } from './pages-app.ts';

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await createPagesApp().app.request(path, { headers });
  return { response, status: response.status, text: await response.text() };
}

const PATHS = ['/', '/search', `/trace/${TRACE_ID}`, '/logs', '/metrics', '/map', '/status'];

describe('every page', () => {
  test.each([...PATHS, '/open', `/compare?a=${TRACE_ID}&b=usual`, '/nix', '/trace/12'])(
    '%s has no inline script or style and forbids them',
    async (path) => {
      const { response, text } = await get(path);
      expect(text).not.toMatch(/<script(?![^>]* src="\/)|<style|\sstyle=|\son\w+=/);
      const policy = response.headers.get('Content-Security-Policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    },
  );

  test.each(PATHS)('%s responds with JSON and with text', async (path) => {
    const json = await get(path, { Accept: 'application/json' });
    expect(json.response.headers.get('Content-Type')).toContain('application/json');
    expect(() => JSON.parse(json.text)).not.toThrow();
    const plain = await get(path, { Accept: 'text/plain' });
    expect(plain.response.headers.get('Content-Type')).toContain('text/plain');
    expect(plain.text).not.toContain('<html');
    expect(plain.response.headers.get('Vary')).toContain('Accept');
  });

  test('style and script take at most 30 kB compressed', () => {
    const size = gzipSync(VIEWER_STYLE).length + gzipSync(VIEWER_SCRIPT).length;
    expect(size).toBeLessThan(30_000);
  });
});

describe('the list of traces', () => {
  test('names the endpoints and the program that it waits for', async () => {
    const endpoints = [{ name: 'OTLP/HTTP', url: 'http://localhost:4319' }];
    const info = { version: '', endpoints, programUrl: () => 'http://localhost:5000' };
    const metrics = createFixtureMetrics();
    const pages = createPages({ store: createMemoryTraceStore(), metrics, info });
    const text = await (await pages.request('/')).text();
    expect(text).toContain('Waiting for the first trace');
    expect(text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4319');
    expect(text).toContain('href="http://localhost:5000"');
    expect(text).not.toContain('defaults of its SDK');
  });

  test('names the services of the plot, with a link to the traces of each', async () => {
    const { text } = await get('/search?status=ok');
    expect(text).toContain(
      '<a href="/search?service=todo&amp;status=ok">todo</a> <small>18</small>',
    );
  });

  test('cuts long names', async () => {
    const { app, store } = createPagesApp();
    const traceId = 'a'.repeat(32);
    const name = 'x'.repeat(5_000);
    store.addSpans([makeSpan({ traceId, id: '1', name, service: name })]);
    const heading = (text: string) => /<h1>.*?<\/h1>/s.exec(text)?.[0];
    expect(heading(await (await app.request(`/trace/${traceId}`)).text())?.length).toBeLessThan(
      300,
    );
    const [, row = ''] = (await (await app.request('/')).text()).split(`id="t${traceId}"`);
    expect(row.split('</tr>')[0]?.length).toBeLessThan(1_500);
  });

  test('shows the services of a trace, at most three', async () => {
    const { app, store } = createPagesApp();
    const traceId = 'a'.repeat(32);
    const services = ['a', 'b', 'c', 'd', 'e'];
    store.addSpans(services.map((service, i) => makeSpan({ traceId, id: `${i + 1}`, service })));
    const text = await (await app.request('/')).text();
    expect(text).toMatch(/<\/i>c<\/span> <small>\+2<\/small>/);
  });

  test('shows how many there are, errors and outliers', async () => {
    const { text } = await get('/');
    expect(text).toContain('<strong>20 traces</strong>');
    expect(text).toContain('1 error');
    expect(text.match(/class="badge slow"/g)).toHaveLength(1);
    expect(text.match(/<circle/g)).toHaveLength(20);
  });

  test('marks no request as slow that takes a few milliseconds', async () => {
    const store = createMemoryTraceStore();
    for (let i = 1; i <= 9; i++) {
      const traceId = i.toString(16).padStart(32, '0');
      store.addSpans([makeSpan({ traceId, id: '1', name: 'GET /', duration: i === 9 ? 8 : 0.5 })]);
    }
    const pages = createPages({ store, metrics: createFixtureMetrics(), info: { version: '' } });
    expect(await (await pages.request('/')).text()).not.toContain('badge slow');
  });

  test('draws the dots of one color that are at the same place once', async () => {
    const { app, store } = createPagesApp();
    for (let index = 0; index < 2_000; index++) {
      store.addSpans(makePageTrace(`f${index}`.padStart(32, '0'), NOON + index / 1_000));
    }
    const text = await (await app.request('/')).text();
    expect(text.match(/<circle/g)?.length).toBeLessThan(40);
    expect(text).toMatch(/<title>[^<]* ms, and \d(?:,\d+|\d+) traces more<\/title>/);
    expect(text.length).toBeLessThan(100_000);
  });

  test('finds a trace by an attribute of any span and shows that span', async () => {
    const { text } = await get(
      `/search?tags=${encodeURIComponent('http.response.status_code=500')}`,
    );
    expect(text).toContain('1 of 20 traces match');
    expect(text).toContain('28.0 ms');
    expect(text).toContain('StoreError: the disk is full');
  });

  test('keeps the fields of the search', async () => {
    const { text } = await get('/search?text=x%22y&service=todo&minDuration=1ms&lookback=2h');
    expect(text).toContain('value="x&quot;y"');
    expect(text).toContain('<option value="todo" selected>');
    expect(text).toContain('<option value="2h" selected>');
  });

  test('sorts by the heads of its columns, whose links alternate between two orders', async () => {
    const { text } = await get('/search?service=todo');
    expect(text).toContain(
      '<th scope="col" aria-sort="descending"><a href="/search?service=todo&amp;sort=oldest">Started</a>',
    );
    expect(text).toContain('<a href="/search?service=todo&amp;sort=longest">Duration</a>');
    const longest = await get('/search?service=todo&sort=longest');
    expect(longest.text).toContain('<a href="/search?service=todo&amp;sort=shortest">Duration</a>');
  });

  test('reports a field that it cannot read', async () => {
    expect((await get('/search?minDuration=fast')).text).toContain('is not a duration');
  });

  test('pages through the results', async () => {
    const { text } = await get('/search?limit=5&offset=5');
    expect(text).toContain('6–10 of 20');
    expect(text).toContain('offset=10');
  });
});

describe('a trace', () => {
  test('shows spans of all services with log records in their place', async () => {
    const { text } = await get(`/trace/${TRACE_ID}`);
    const places = ['todo-web', 'insert tasks', 'added a task', 'select tasks'];
    const found = places.map((each) => text.indexOf(each));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found).not.toContain(-1);
    expect(text).toContain('class="path"');
  });

  test('counts the spans whose parent has not arrived', async () => {
    const { app, store } = createPagesApp();
    const traceId = 'a'.repeat(32);
    store.addSpans([makeSpan({ traceId, id: '2', parent: '1' })]);
    const page = await (await app.request(`/trace/${traceId}`)).text();
    expect(page).toContain('1 span without a parent');
    expect(await (await app.request('/')).text()).toContain('>1 orphan</span>');
  });

  test('shows the selected span with a link that filters by each attribute', async () => {
    const { text } = await get(`/trace/${FAILED_TRACE_ID}?span=${'c1'.padStart(16, '0')}`);
    expect(text).toContain('at add (store.ts:12:3)');
    expect(text).toContain('href="/search?tags=http.response.status_code%3D500"');
  });

  test('filters by the beginning of a value that is too long for a URL', async () => {
    const { app, store } = createPagesApp();
    const traceId = 'a'.repeat(32);
    const attributes = { 'user_agent.original': 'Agent '.repeat(200) };
    store.addSpans([makeSpan({ traceId, id: '1', attributes })]);
    const path = `/trace/${traceId}?span=${'1'.padStart(16, '0')}`;
    const [, href = ''] =
      / href="([^"]*)" aria-label="filter by this: user_agent/.exec(
        await (await app.request(path)).text(),
      ) ?? [];
    const found = await (await app.request(href.replaceAll('&amp;', '&'))).text();
    expect(found).toContain('1 of 21 traces match');
  });

  test('lays out the statement of a span', async () => {
    const { text } = await get(`/trace/${TRACE_ID}/span/${'e1'.padStart(16, '0')}`);
    expect(text).toContain('\nfrom &quot;tasks&quot;\nwhere');
    expect(text).not.toContain('<html');
  });

  test('waits for a trace that has not arrived, for half a minute', async () => {
    const { status, text } = await get(`/trace/${'9'.repeat(32)}`);
    expect(status).toBe(404);
    expect(text).toContain(`content="1;url=/trace/${'9'.repeat(32)}?waited=1"`);
    expect((await get(`/trace/${'9'.repeat(32)}?waited=30`)).text).not.toContain('http-equiv');
  });

  test('redirects to the trace when it has arrived', async () => {
    const { status, response } = await get(`/trace/${TRACE_ID}?waited=3`);
    expect(status).toBe(303);
    expect(response.headers.get('Location')).toBe(`/trace/${TRACE_ID}`);
  });

  test('is saved as OTLP JSON, which opens again', async () => {
    const { app, store } = createPagesApp();
    const saved = await app.request(`/trace/${TRACE_ID}.json`);
    expect(saved.headers.get('Content-Disposition')).toContain('attachment');
    const body = new FormData();
    body.set('file', new File([await saved.text()], 'trace.json'));
    store.clear();
    const opened = await app.request('/open', { method: 'POST', body });
    expect(opened.headers.get('Location')).toBe(`/trace/${TRACE_ID}`);
    expect(store.getTrace(TRACE_ID)).toMatchObject({ spans: { length: 5 }, logs: { length: 1 } });
  });

  test('shows 5,000 spans in windows of 1,000', async () => {
    const { app, store } = createPagesApp();
    store.addSpans(
      Array.from({ length: 5_000 }, (_, i) =>
        makeSpan({ traceId: 'b'.repeat(32), id: (i + 1).toString(16), start: NOON + i }),
      ),
    );
    const text = await (await app.request(`/trace/${'b'.repeat(32)}?row=2000`)).text();
    expect(text).toContain('Rows 2,001–3,000 of 5,000');
    expect(text.match(/<li class="row/g)).toHaveLength(1_000);
  });
});

describe('the metrics', () => {
  test('show charts of all routes, with one line for each percentile', async () => {
    const { text } = await get('/metrics');
    expect(text).toContain('Requests of all routes');
    expect(text.match(/class="curve /g)).toHaveLength(3);
    expect(text).toContain('traces of GET /tasks/:id"');
  });

  test('show an interval with requests between two without as a dot', async () => {
    const series = makeRouteSeries('/add', [0, 0, 4, 0, 0, 0, 0, 0, 0]);
    const [first] = series.points;
    const points = series.points.map(({ time, bounds }, index) =>
      index < 15 ? { time, bounds, value: 0, counts: bounds?.map(() => 0) } : { ...first, time },
    );
    const app = createPages({
      store: createFixtureStore(),
      metrics: createFixtureMetrics([{ ...series, points: points as typeof series.points }]),
      info: { version: '0' },
    });
    const text = await (await app.request('/metrics')).text();
    expect(text.match(/class="dots /g)).toHaveLength(3);
    expect(text).toMatch(/class="spark"[^>]*95[^>]*><path d="M[^"]*h.1/);
  });

  test('link exemplars to their traces', async () => {
    const exemplar = {
      time: NOON + 60_000,
      value: 0.04,
      traceId: TRACE_ID,
      spanId: 'c1'.padStart(16, '0'),
    };
    const series = {
      ...makeRouteSeries('/add', [1, 1, 1, 1, 1, 0, 0, 0, 0]),
      exemplars: [exemplar],
    };
    const gauge = { ...makeGauge('queue.size', [1, 2]), exemplars: [exemplar] };
    const app = createPages({
      store: createFixtureStore(),
      metrics: createFixtureMetrics([series, gauge]),
      info: { version: '0' },
    });
    const text = await (await app.request('/metrics')).text();
    expect(text).toContain('aria-label="Trace of a request that took 40.0 ms"');
    expect(text.match(new RegExp(`href="/trace/${TRACE_ID}[?]span=`, 'g'))).toHaveLength(2);
  });

  test('show the charts of one route', async () => {
    const { text } = await get('/metrics?service=todo&route=GET+/tasks/:id');
    expect(text).toContain('Requests of GET /tasks/:id <a href="/metrics">');
    expect(text).toContain('<tr class="selected">');
  });
});

test('the map counts calls, not pages that continue the trace of their response', async () => {
  const { app, store } = createPagesApp();
  const traceId = 'a'.repeat(32);
  store.clear();
  store.addSpans([
    makeSpan({ traceId, id: '1', kind: SpanKind.SERVER }),
    makeSpan({ traceId, id: '2', parent: '1', name: 'documentLoad', service: 'todo-web' }),
    makeSpan({ traceId, id: '3', parent: '2', service: 'todo-web', kind: SpanKind.CLIENT }),
    makeSpan({ traceId, id: '4', parent: '3', kind: SpanKind.SERVER }),
  ]);
  const response = await app.request('/map', { headers: { Accept: 'text/plain' } });
  expect(await response.text()).toBe('todo-web -> todo 1\n');
});

test('hostile names, values and times break no page', async () => {
  const { app, store } = createPagesApp();
  const evil = '"><img src=x onerror=alert(1)>\u001b[2J\u202e\ud800\u0000';
  const traceId = 'e'.repeat(32);
  const attributes = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, i) => [`${evil}${i}`, i === 0 ? 'x'.repeat(100_000) : evil]),
  );
  const span = makeSpan({ traceId, id: 'e1', name: evil, service: evil, error: evil, attributes });
  store.addSpans([
    { ...span, startTime: [1e15, 0], endTime: [Number.NaN, 0], duration: [Number.NaN, 0] },
    makeSpan({
      traceId,
      id: 'e2',
      parent: 'e2',
      start: -1e12,
      events: [{ name: evil, time: toHrTime(NOON), attributes }],
    }),
  ]);
  const e1 = `/trace/${traceId}?span=${'e1'.padStart(16, '0')}`;
  const query = encodeURIComponent(evil.toWellFormed());
  for (const path of [
    ...PATHS,
    e1,
    `/search?text=${query}&tags=${query}`,
    `/trace/${traceId}?find=${query}&zoom=${query}&fold=${query}`,
  ]) {
    const response = await app.request(path);
    const text = await response.text();
    expect(response.status, path).toBe(200);
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<script>');
    for (const hidden of ['\u0000', '\u001b', '\u202e']) expect(text).not.toContain(hidden);
    expect(text.length).toBeLessThan(500_000);
  }
});

test('the status page asks for confirmation outside of the reloaded part', async () => {
  const { text } = await get('/status');
  const [before = '', after = ''] = text.split('<form method="post" action="/clear">');
  expect(before).toMatch(
    /<\/div>\s*<details><summary>Delete all traces and log records …<\/summary>$/,
  );
  expect(after).toMatch(/^<p>This also empties the runs in the file of <code>--save<\/code>\./);
});

test.each(['application/json', 'text/plain', 'text/html'])(
  'unknown traces are not found, with Accept: %s',
  async (Accept) => {
    const unknown = '9'.repeat(32);
    for (const path of [
      `/trace/${unknown}`,
      `/compare?a=${unknown}&b=usual`,
      `/compare?a=${TRACE_ID}&b=${unknown}`,
    ]) {
      expect((await get(path, { Accept })).status, path).toBe(404);
    }
    expect((await get(`/compare?a=${TRACE_ID}&b=usual`, { Accept })).status).toBe(200);
  },
);

test('POST /clear deletes all records', async () => {
  const { app, store } = createPagesApp();
  expect((await app.request('/clear')).status).toBe(404);
  expect(store.stats().traces).toBe(20);
  expect((await app.request('/clear', { method: 'POST' })).status).toBe(303);
  expect(store.stats().traces).toBe(0);
});

test('POST /open reports a file in another format', async () => {
  const body = new FormData();
  body.set('file', new File(['hello'], 'x.json'));
  const response = await createPagesApp().app.request('/open', { method: 'POST', body });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain('no spans or log records');
});

test('GET /events reports the traces that have changed', async () => {
  const { app, store } = createPagesApp();
  const abort = new AbortController();
  const response = await app.request('/events', { signal: abort.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toContain('event: open');
  store.addSpans(makePageTrace('d'.repeat(32)));
  expect(await next()).toContain('d'.repeat(32));
  await reader.cancel();
});

test('GET /events joins the changes that a slow client has not read', async () => {
  const { app, store } = createPagesApp();
  const response = await app.request('/events');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toContain('event: open');
  for (const digit of '123456') {
    store.addSpans(makePageTrace(digit.repeat(32)));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  let events = 0;
  for (let text = ''; !text.includes('6'.repeat(32)); events++) text = await next();
  expect(events).toBeLessThan(6);
  await reader.cancel();
});

describe('POST /mcp', () => {
  async function call(method: string, params: object = {}, id: number | undefined = 1) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...(id && { id }), method, params });
    const response = await createPagesApp().app.request('/mcp', { method: 'POST', body });
    const text = await response.text();
    return { status: response.status, message: text === '' ? undefined : JSON.parse(text) };
  }

  async function callTool(name: string, args: object = {}): Promise<string> {
    const { message } = await call('tools/call', { name, arguments: args });
    return message.result.content[0].text;
  }

  test('initializes and lists five tools', async () => {
    const { message } = await call('initialize');
    expect(message.result.serverInfo.name).toBe('opentelemetry-viewer');
    const { message: list } = await call('tools/list');
    expect(list.result.tools.map(({ name }: { name: string }) => name)).toEqual([
      'search_traces',
      'get_trace',
      'get_logs',
      'list_services',
      'get_metrics',
    ]);
  });

  test('accepts notifications without a response', async () => {
    expect((await call('notifications/initialized', {}, 0)).status).toBe(202);
  });

  test('searches traces and returns one as a tree', async () => {
    const found = JSON.parse(await callTool('search_traces', { status: 'error' }));
    expect(found.total).toBe(1);
    const { traceId } = found.traces[0];
    expect(await callTool('get_trace', { traceId })).toContain('✗ POST /add 500 28.0 ms  todo');
  });

  test('returns at least one and at most 100 traces', async () => {
    const count = async (limit: number) =>
      JSON.parse(await callTool('search_traces', { limit })).traces.length;
    expect(await count(-5)).toBe(1);
    expect(await count(1_000)).toBe(20);
  });

  test('returns logs, services and metrics', async () => {
    expect(await callTool('get_logs', { severity: 'error' })).toContain('alert(1)');
    expect(await callTool('list_services')).toContain('todo-web');
    expect(await callTool('get_metrics')).toContain('GET /tasks/:id');
  });

  test('reports unknown methods, tools and missing arguments', async () => {
    expect((await call('nix')).message.error.code).toBe(-32_601);
    expect((await call('tools/call', { name: 'nix' })).message.result.isError).toBe(true);
    expect(await callTool('get_trace')).toContain('Missing arguments: traceId');
  });

  test('rejects requests that are not JSON-RPC', async () => {
    const { app } = createPagesApp();
    for (const body of ['', '{', '[]', 'null', '{"method":"ping"}']) {
      expect((await app.request('/mcp', { method: 'POST', body })).status).toBe(400);
    }
    expect((await app.request('/mcp')).status).toBe(405);
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}';
    const response = await app.request('/mcp', { method: 'POST', body });
    expect(await response.json()).toMatchObject({ result: { isError: true } });
  });
});
