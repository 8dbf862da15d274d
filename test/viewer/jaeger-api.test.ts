import { SpanKind } from '@opentelemetry/api';
import fc from 'fast-check';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createJaegerApi } from '../../packages/opentelemetry-viewer/src/jaeger-api/index.ts';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import {
  ADD_TRACE,
  ERROR_TRACE,
  handMadeSpans,
  makeSpan,
  START_MS,
  todo,
} from './hand-made-spans.ts';

const UNKNOWN_TRACE = 'f'.repeat(32);

function createApi(spans = handMadeSpans): Hono {
  const store = createMemoryTraceStore();
  store.addSpans(spans);
  return createJaegerApi({ store, now: () => START_MS + 120_000 });
}

/** Responds to a path and query as text and, if possible, as JSON. */
async function get(path: string, params: Record<string, string> = {}, api = createApi()) {
  const query = new URLSearchParams(params).toString();
  const response = await api.request(query === '' ? path : `${path}?${query}`);
  const text = await response.text();
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), text, json: JSON.parse(text) };
}

const times = {
  'query.startTimeMin': '2026-11-29T09:00:00Z',
  'query.startTimeMax': '2026-11-29T11:00:00.5Z',
};

describe('API v3', () => {
  test('/api/v3/services lists the services', async () => {
    expect(await get('/api/v3/services')).toMatchObject({
      status: 200,
      type: 'application/json',
      text: '{"services":["todo","todo-web"]}',
    });
    expect((await get('/api/v3/services', {}, createApi([]))).text).toBe('{"services":[]}');
  });

  test('/api/v3/operations lists names and kinds', async () => {
    expect((await get('/api/v3/operations', { service: 'todo-web' })).text).toBe(
      '{"operations":[{"name":"click","spanKind":"internal"}]}',
    );
    const clients = await get('/api/v3/operations', { service: 'todo', spanKind: 'client' });
    expect(clients.json).toEqual({ operations: [{ name: 'INSERT tasks', spanKind: 'client' }] });
    const unknown = await get('/api/v3/operations', { service: 'x' });
    expect(unknown).toMatchObject({ status: 200, text: '{"operations":[]}' });
  });

  test('/api/v3/trace-summaries lists the newest traces first, without zero counts', async () => {
    const query = { ...times, 'query.serviceName': 'todo' };
    expect((await get('/api/v3/trace-summaries', query)).json).toEqual({
      summaries: [
        {
          traceId: ERROR_TRACE,
          rootServiceName: 'todo',
          rootOperationName: 'POST /demo/error',
          minStartTimeUnixNano: '1795946460000000000',
          maxEndTimeUnixNano: '1795946460040000000',
          spanCount: 1,
          errorSpanCount: 1,
          services: [{ name: 'todo', spanCount: 1, errorSpanCount: 1 }],
        },
        {
          traceId: ADD_TRACE,
          rootServiceName: 'todo-web',
          rootOperationName: 'click',
          minStartTimeUnixNano: '1795946400000000000',
          maxEndTimeUnixNano: '1795946400005000000',
          spanCount: 3,
          services: [
            { name: 'todo', spanCount: 2 },
            { name: 'todo-web', spanCount: 1 },
          ],
        },
      ],
    });
  });

  test('/api/v3/trace-summaries counts spans whose parent is missing', async () => {
    const span = { traceId: ADD_TRACE, spanId: 'b'.repeat(16), parentSpanId: 'a'.repeat(16) };
    const api = createApi([makeSpan({ ...span, name: 'late', resource: todo })]);
    const { json } = await get('/api/v3/trace-summaries', times, api);
    expect(json.summaries).toMatchObject([{ orphanSpanCount: 1 }]);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ 'query.searchDepth': '1' }, [ERROR_TRACE]],
    [{ 'query.operationName': 'POST /add' }, [ADD_TRACE]],
    [{ 'query.serviceName': 'todo-web' }, [ADD_TRACE]],
    [{ 'query.service_name': 'todo-web' }, [ADD_TRACE]],
    [{ 'query.durationMin': '10ms' }, [ERROR_TRACE]],
    [{ 'query.durationMin': '1ms', 'query.durationMax': '0.01s' }, [ADD_TRACE]],
    [{ 'query.startTimeMin': '2026-11-29T10:00:59.999999Z' }, [ERROR_TRACE]],
    [{ 'query.startTimeMax': '2026-11-29T11:00:00.001+01:00' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"url.path":"/add"}' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"http.response.status_code":"303"}' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"url.path":"/add","db.system.name":"sqlite"}' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"service.instance.id":"one"}' }, [ERROR_TRACE, ADD_TRACE]],
    [{ 'query.attributes': '{"exception.type":"Error"}' }, [ERROR_TRACE]],
    [{ 'query.attributes': '{"error":"true"}' }, [ERROR_TRACE]],
    [{ 'query.attributes': '{"error":"false"}' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"span.kind":"client"}' }, [ADD_TRACE]],
    [{ 'query.attributes': '{"span.status":"error"}' }, [ERROR_TRACE]],
    [{ 'query.attributes': '{"scope.name":"hand-made"}' }, [ERROR_TRACE, ADD_TRACE]],
    [{ 'query.attributes': '{"resource.service.instance.id":"one"}' }, [ERROR_TRACE, ADD_TRACE]],
    [{ 'query.attributes': '{"span.kind":"client"}', 'query.serviceName': 'todo-web' }, []],
    [{ 'query.attributes': '{"url.path":"/none"}' }, []],
    [{ 'query.attributes': '{"__proto__":"x","constructor":"y"}' }, []],
  ])('/api/v3/trace-summaries with %j', async (query, traceIds) => {
    const { json } = await get('/api/v3/trace-summaries', { ...times, ...query });
    expect(json.summaries.map(({ traceId }: { traceId: string }) => traceId)).toEqual(traceIds);
  });

  test.each<[Record<string, string>, string]>([
    [{ 'query.startTimeMin': '' }, 'query.startTimeMin and query.startTimeMax are required'],
    [
      { 'query.startTimeMin': '2026-11-29T12:00:00Z' },
      'query.startTimeMin must be before query.startTimeMax',
    ],
    [{ 'query.startTimeMin': 'yesterday' }, 'malformed parameter query.startTimeMin: '],
    [{ 'query.startTimeMin': '2026-13-99T99:00:00Z' }, 'malformed parameter query.startTimeMin: '],
    [{ 'query.searchDepth': 'x' }, 'malformed parameter query.searchDepth: strconv.Atoi: '],
    [{ 'query.searchDepth': '0' }, 'search depth must be greater than 0'],
    [{ 'query.searchDepth': '1e3' }, 'malformed parameter query.searchDepth: strconv.Atoi: '],
    [
      { 'query.durationMin': '5' },
      'malformed parameter query.durationMin: time: invalid duration "5"',
    ],
    [
      { 'query.durationMax': '5y' },
      'malformed parameter query.durationMax: time: unknown unit "y"',
    ],
    [{ 'query.attributes': '{"a":1}' }, 'malformed parameter query.attributes: json: '],
    [{ 'query.attributes': '[' }, 'malformed parameter query.attributes: '],
    [{ 'query.attributes': '[]' }, 'malformed parameter query.attributes: json: '],
    [{ 'query.attributes': 'null' }, 'malformed parameter query.attributes: json: '],
  ])('/api/v3/traces refuses %j', async (query, message) => {
    const { status, type, text, json } = await get('/api/v3/traces', { ...times, ...query });
    expect(status).toBe(400);
    expect(type).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/^\{"error":\{"httpCode":400,"message":".*"\}\}\n$/);
    expect(json.error.message).toContain(message);
  });

  test('/api/v3/traces responds with all spans of the traces found, as OTLP', async () => {
    const query = { ...times, 'query.attributes': '{"url.path":"/add"}' };
    const { status, type, json } = await get('/api/v3/traces', query);
    expect({ status, type }).toEqual({ status: 200, type: 'application/json' });
    const spans = json.result.resourceSpans.flatMap(
      (each: { scopeSpans: { spans: object[] }[] }) => each.scopeSpans[0]?.spans,
    );
    expect(spans.map(({ name }: { name: string }) => name)).toEqual([
      'click',
      'POST /add',
      'INSERT tasks',
    ]);
    expect(spans[1]).toMatchObject({
      traceId: ADD_TRACE,
      spanId: 'b7ad6b7169203332',
      parentSpanId: 'b7ad6b7169203331',
      kind: 2,
      startTimeUnixNano: '1795946400001001000',
      endTimeUnixNano: '1795946400004133000',
      attributes: [
        { key: 'url.path', value: { stringValue: '/add' } },
        { key: 'http.response.status_code', value: { intValue: '303' } },
        { key: 'ratio', value: { doubleValue: 0.5 } },
        { key: 'cached', value: { boolValue: false } },
      ],
      traceState: 'vendor=1',
    });
  });

  test.each([`/api/v3/traces/${UNKNOWN_TRACE}`, '/api/v3/traces'])(
    '%s responds 404 when nothing is found',
    async (path) => {
      const query = { ...times, 'query.serviceName': 'nothing' };
      expect(await get(path, query)).toMatchObject({
        status: 404,
        type: 'text/plain; charset=utf-8',
        text: '{"error":{"httpCode":404,"message":"No traces found"}}\n',
      });
    },
  );

  test('/api/v3/traces/{id} responds with the trace, also for upper case and short ids', async () => {
    for (const id of [ERROR_TRACE, 'ABC', ERROR_TRACE.toUpperCase()]) {
      const { status, text } = await get(`/api/v3/traces/${id}`);
      expect(status).toBe(200);
      expect(text).toContain('"name":"POST /demo/error"');
    }
  });
});

describe('API before v3', () => {
  const errorSpan = {
    traceID: ERROR_TRACE,
    spanID: 'b7ad6b7169203334',
    operationName: 'POST /demo/error',
    references: [{ refType: 'FOLLOWS_FROM', traceID: ADD_TRACE, spanID: 'b7ad6b7169203332' }],
    startTime: 1795946460000000,
    duration: 40000,
    tags: [
      { key: 'otel.scope.name', type: 'string', value: 'hand-made' },
      { key: 'otel.scope.version', type: 'string', value: '1.0' },
      { key: 'url.path', type: 'string', value: '/demo/error' },
      { key: 'http.response.status_code', type: 'int64', value: 500 },
      { key: 'span.kind', type: 'string', value: 'server' },
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'error', type: 'bool', value: true },
      { key: 'otel.status_description', type: 'string', value: 'thrown on purpose' },
    ],
    logs: [
      {
        timestamp: 1795946460000000,
        fields: [
          { key: 'event', type: 'string', value: 'exception' },
          { key: 'exception.type', type: 'string', value: 'Error' },
        ],
      },
    ],
    processID: 'p1',
    warnings: null,
  };

  test('/api/traces/{id} responds with the trace in the model of the pages', async () => {
    expect(await get(`/api/traces/${ERROR_TRACE}`)).toMatchObject({
      status: 200,
      type: 'application/json',
      text: JSON.stringify({
        data: [
          {
            traceID: ERROR_TRACE,
            spans: [errorSpan],
            processes: {
              p1: {
                serviceName: 'todo',
                tags: [{ key: 'service.instance.id', type: 'string', value: 'one' }],
              },
            },
            warnings: null,
          },
        ],
        total: 0,
        limit: 0,
        offset: 0,
        errors: null,
      }),
    });
  });

  test('/api/traces/{id} merges equal resources into one process and converts every type', async () => {
    const [trace] = (await get(`/api/traces/${ADD_TRACE}`)).json.data;
    expect(Object.keys(trace.processes)).toEqual(['p1', 'p2']);
    const [click, post, insert] = trace.spans;
    expect([click.processID, post.processID, insert.processID]).toEqual(['p1', 'p2', 'p2']);
    expect(click.references).toEqual([]);
    expect(post.references).toEqual([
      { refType: 'CHILD_OF', traceID: ADD_TRACE, spanID: 'b7ad6b7169203331' },
    ]);
    expect(post.tags.slice(3)).toEqual([
      { key: 'http.response.status_code', type: 'int64', value: 303 },
      { key: 'ratio', type: 'float64', value: 0.5 },
      { key: 'cached', type: 'bool', value: false },
      { key: 'span.kind', type: 'string', value: 'server' },
      { key: 'w3c.tracestate', type: 'string', value: 'vendor=1' },
    ]);
    expect(insert.tags[3]).toEqual({ key: 'tags', type: 'string', value: '["a","b"]' });
  });

  test('/api/traces/{id} keeps odd values valid JSON', async () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const attributes: Record<string, unknown> = {
      nan: Number.NaN,
      large: 2 ** 60,
      exact: 9007199254740993n,
      bytes: new Uint8Array([0, 255]),
      nothing: null,
      circular,
    };
    const span = makeSpan({
      traceId: ADD_TRACE,
      spanId: 'b7ad6b7169203331',
      name: '\u0000<script>',
      micros: -5,
      resource: todo,
      attributes: attributes as never,
    });
    const broken = { ...span, startTime: [Number.NaN, 0] as [number, number] };
    const [trace] = (await get(`/api/traces/${ADD_TRACE}`, {}, createApi([broken]))).json.data;
    expect(trace.spans[0]).toMatchObject({
      startTime: 0,
      duration: 0,
      operationName: '\0<script>',
    });
    expect(trace.spans[0].tags.slice(2, 8)).toEqual([
      { key: 'nan', type: 'float64', value: 'NaN' },
      { key: 'large', type: 'int64', value: '1152921504606846976' },
      { key: 'exact', type: 'int64', value: '9007199254740993' },
      { key: 'bytes', type: 'binary', value: 'AP8=' },
      { key: 'nothing', type: 'string', value: '' },
      { key: 'circular', type: 'string', value: '[circular]' },
    ]);
  });

  test('/api/traces/{id} supports links to the parent with a reference type', async () => {
    const span = makeSpan({
      traceId: ADD_TRACE,
      spanId: 'b7ad6b7169203332',
      parentSpanId: 'b7ad6b7169203331',
      name: 'job',
      resource: todo,
      links: [{ context: { traceId: ADD_TRACE, spanId: 'b7ad6b7169203331', traceFlags: 1 } }],
    });
    const [trace] = (await get(`/api/traces/${ADD_TRACE}`, {}, createApi([span]))).json.data;
    expect(trace.spans[0].references).toEqual([
      { refType: 'FOLLOWS_FROM', traceID: ADD_TRACE, spanID: 'b7ad6b7169203331' },
    ]);
  });

  test('prettyPrint indents by four spaces', async () => {
    const path = `/api/traces/${ERROR_TRACE}`;
    expect((await get(path, { prettyPrint: 'true', raw: 'true' })).text).toMatch(
      /^\{\n {4}"data": \[\n {8}\{/,
    );
    expect((await get(path, { prettyPrint: 'false' })).text).toMatch(/^\{"data":\[\{/);
  });

  test.each([
    [`/api/traces/${UNKNOWN_TRACE}`, 404, 'trace not found'],
    ['/api/traces/xyz', 400, 'strconv.ParseUint: parsing "xyz": invalid syntax'],
    [`/api/traces/${'a'.repeat(33)}`, 400, 'TraceID cannot be longer than 32 hex characters: '],
    ['/api/traces/..%2f..%2fetc%2fpasswd', 400, 'invalid syntax'],
    ['/api/traces/%00', 400, 'invalid syntax'],
    ['/api/traces/%E0%A4%A', 400, 'invalid syntax'],
    ['/api/traces/abc?raw=maybe', 400, "unable to parse param 'raw': strconv.ParseBool: "],
    ['/api/traces/abc?start=x', 400, "unable to parse param 'start': strconv.ParseInt: "],
    ['/api/traces?tag=x', 400, "malformed 'tag' parameter, expecting key:value, received: x"],
    ['/api/traces?tags=x', 400, "malformed 'tags' parameter, cannot unmarshal JSON: "],
    ['/api/traces?limit=many', 400, 'strconv.ParseInt: parsing "many": invalid syntax'],
    ['/api/traces?limit=-1', 400, 'search depth must be greater than 0'],
    ['/api/traces?start=1e400', 400, "unable to parse param 'start': "],
    ['/api/traces?minDuration=2s&maxDuration=1s', 400, "'maxDuration' should be greater than"],
    ['/api/traces?traceID=xyz', 400, 'cannot parse traceID param: '],
    ['/api/operations', 400, "parameter 'service' is required"],
    ['/api/dependencies?endTs=99999999999999999', 400, "unable to parse param 'endTs': "],
    ['/api/metrics/calls', 400, 'please provide at least one service name'],
    ['/api/metrics/calls?service=a&spanKind=b', 400, "unsupported span kind: 'b'"],
    ['/api/metrics/calls?service=a&endTs=9007199254740991', 400, 'value out of range'],
    [
      '/api/metrics/latencies?service=a',
      400,
      "unable to parse param 'quantile': strconv.ParseFloat: ",
    ],
  ])('%s responds %i', async (path, status, message) => {
    const response = await createApi().request(path);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/^\{"data":null,"total":0,"limit":0,"offset":0,"errors":\[.*\]\}\n$/);
    const { errors } = JSON.parse(text);
    expect(errors).toEqual([{ code: status, msg: expect.stringContaining(message) }]);
  });

  test('/api/services and the operations have a total', async () => {
    expect((await get('/api/services')).json).toEqual({
      data: ['todo', 'todo-web'],
      total: 2,
      limit: 0,
      offset: 0,
      errors: null,
    });
    expect((await get('/api/services/todo-web/operations')).json).toMatchObject({
      data: ['click'],
      total: 1,
    });
    const query = { service: 'todo', spanKind: 'client' };
    expect((await get('/api/operations', query)).json).toMatchObject({
      data: [{ name: 'INSERT tasks', spanKind: 'client' }],
      total: 1,
    });
  });

  test.each<[string, string[]]>([
    ['service=todo', [ERROR_TRACE, ADD_TRACE]],
    ['service=todo&operation=POST+/add', [ADD_TRACE]],
    ['service=todo&tags={"http.response.status_code":"500"}', [ERROR_TRACE]],
    ['service=todo&tag=url.path:/add&tag=error:false', [ADD_TRACE]],
    ['service=todo&minDuration=10ms&limit=20&lookback=1h', [ERROR_TRACE]],
    ['service=todo&start=1795946459000000&end=1795946461000000', [ERROR_TRACE]],
    ['service=nothing', []],
    [`traceID=${ADD_TRACE}&traceID=abc`, [ADD_TRACE, ERROR_TRACE]],
  ])('/api/traces?%s finds whole traces', async (query, traceIds) => {
    const response = await createApi().request(`/api/traces?${query}`);
    expect(response.status).toBe(200);
    const { data, errors } = (await response.json()) as {
      data: { traceID: string; spans: object[] }[];
      errors: unknown;
    };
    expect(errors).toBeNull();
    expect(data.map(({ traceID }) => traceID)).toEqual(traceIds);
    for (const { traceID, spans } of data)
      expect(spans).toHaveLength(traceID === ADD_TRACE ? 3 : 1);
  });

  test('/api/traces names the ids that do not exist', async () => {
    expect((await get('/api/traces', { traceID: UNKNOWN_TRACE })).json).toMatchObject({
      data: [],
      errors: [{ msg: 'trace not found', traceID: UNKNOWN_TRACE }],
    });
  });

  test('/api/dependencies counts calls between services', async () => {
    const query = { endTs: String(START_MS + 1_000), lookback: '604800000' };
    expect((await get('/api/dependencies', query)).text).toBe(
      '{"data":[{"parent":"todo-web","child":"todo","callCount":1}],"total":0,"limit":0,"offset":0,"errors":null}',
    );
    const earlier = { endTs: String(START_MS - 1_000), lookback: '1000' };
    expect((await get('/api/dependencies', earlier)).json.data).toEqual([]);
  });
});

describe('/api/metrics', () => {
  const query = {
    service: 'todo',
    endTs: String(START_MS + 120_000),
    lookback: '60000',
    step: '60000',
    ratePer: '600000',
    spanKind: 'server',
  };
  const point = (value: number, minute: number) => ({
    gaugeValue: { doubleValue: value },
    timestamp: `2026-11-29T10:0${minute}:00Z`,
  });

  test('calls are a rate per second', async () => {
    expect((await get('/api/metrics/calls', query)).json).toEqual({
      name: 'service_call_rate',
      type: 'GAUGE',
      help: 'calls/sec, grouped by service',
      metrics: [
        {
          labels: [{ name: 'service_name', value: 'todo' }],
          metricPoints: [point(1 / 600, 1), point(2 / 600, 2)],
        },
      ],
    });
  });

  test('errors are a fraction, grouped by operation on request', async () => {
    const grouped = { ...query, groupByOperation: 'true' };
    expect((await get('/api/metrics/errors', grouped)).json).toEqual({
      name: 'service_operation_error_rate',
      type: 'GAUGE',
      help: 'error rate, computed as a fraction of errors/sec over calls/sec, grouped by service & operation',
      metrics: expect.arrayContaining([
        {
          labels: [
            { name: 'service_name', value: 'todo' },
            { name: 'operation', value: 'POST /add' },
          ],
          metricPoints: [point(0, 1), point(0, 2)],
        },
        // No point where nothing was called: JSON has no NaN.
        {
          labels: [
            { name: 'service_name', value: 'todo' },
            { name: 'operation', value: 'POST /demo/error' },
          ],
          metricPoints: [point(1, 2)],
        },
      ]),
    });
  });

  test('latencies are milliseconds at a quantile', async () => {
    const { json } = await get('/api/metrics/latencies', { ...query, quantile: '0.95' });
    expect(json).toMatchObject({
      name: 'service_latencies',
      help: '0.95th quantile latency, grouped by service',
    });
    expect(json.metrics[0].metricPoints).toEqual([point(3.132, 1), point(40, 2)]);
  });

  test('a service without spans has no series', async () => {
    const { text } = await get('/api/metrics/calls', { ...query, service: 'nothing' });
    expect(text).toContain('"metrics":[]');
  });

  test('a hostile resolution costs a bounded response', async () => {
    const spans = Array.from({ length: 2_000 }, (_, index) =>
      makeSpan({
        traceId: index.toString(16).padStart(32, '0'),
        spanId: 'b7ad6b7169203331',
        name: `operation ${index}`,
        kind: SpanKind.SERVER,
        startMicros: index * 1_000,
        resource: todo,
      }),
    );
    const hostile = { step: '-1', lookback: '100000000', ratePer: '1', groupByOperation: 'true' };
    const { json } = await get('/api/metrics/calls', { ...query, ...hostile }, createApi(spans));
    expect(json.metrics).toHaveLength(100);
    expect(json.metrics[0].metricPoints.length).toBeLessThanOrEqual(1_001);
  });
});

test('arbitrary parameters never cause an internal error', { timeout: 60_000 }, async () => {
  const api = createApi();
  const paths = [
    '/api/v3/operations',
    '/api/v3/trace-summaries',
    '/api/v3/traces',
    `/api/v3/traces/${ADD_TRACE}`,
    '/api/operations',
    '/api/traces',
    `/api/traces/${ADD_TRACE}`,
    '/api/dependencies',
    '/api/metrics/calls',
    '/api/metrics/latencies',
  ];
  const names = [
    ...['service', 'operation', 'tag', 'tags', 'limit', 'start', 'end', 'minDuration', 'traceID'],
    ...['raw', 'prettyPrint', 'endTs', 'lookback', 'step', 'ratePer', 'quantile', 'spanKind'],
    ...['query.serviceName', 'query.attributes', 'query.searchDepth', 'query.durationMin'],
    ...['query.startTimeMin', 'query.startTimeMax', 'groupByOperation'],
  ];
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.constantFrom('todo', 'true', '1h', '-1ms', '2026-11-29T10:00:00Z', '9999-12-31T23:59:59Z'),
  );
  const query = fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), query, async (path, parameters) => {
      const url = `${path}?${new URLSearchParams(parameters)}`;
      const { status, json } = await get(url, {}, api);
      expect([200, 400, 404]).toContain(status);
      expect(json).toBeTypeOf('object');
    }),
    { numRuns: 2_000 },
  );
});
