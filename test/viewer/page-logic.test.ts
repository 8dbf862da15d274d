import { describe, expect, test } from 'vitest';
import { toOtlpDocument } from '../../exporters/otlp/encode/to-json.ts';
import {
  compareTotals,
  medianTotals,
  totalSpans,
} from '../../packages/opentelemetry-viewer/src/pages/compare/compare-traces.ts';
import { readTelemetryFile } from '../../packages/opentelemetry-viewer/src/pages/files/open-file.ts';
import { estimatePercentile } from '../../packages/opentelemetry-viewer/src/pages/metrics/percentile.ts';
import { rateRoutes } from '../../packages/opentelemetry-viewer/src/pages/metrics/request-rates.ts';
import {
  formatAxisTime,
  formatClock,
  formatMetricValue,
  formatMillis,
  formatTick,
  formatTime,
  parseMillis,
} from '../../packages/opentelemetry-viewer/src/pages/page/format.ts';
import { esc, escLines } from '../../packages/opentelemetry-viewer/src/pages/page/html.ts';
import {
  formatTags,
  parseTags,
} from '../../packages/opentelemetry-viewer/src/pages/search/tags.ts';
import {
  readTraceFilter,
  searchUrl,
  toTraceQuery,
} from '../../packages/opentelemetry-viewer/src/pages/search/trace-filter.ts';
import { rankServices } from '../../packages/opentelemetry-viewer/src/pages/service-map.ts';
import {
  shortSubject,
  spanTitle,
} from '../../packages/opentelemetry-viewer/src/pages/spans/index.ts';
import { layOutSql } from '../../packages/opentelemetry-viewer/src/pages/trace/span-detail.ts';
import { makeRouteSeries } from './hand-made-series.ts';
import { makeLog, makePageTrace, makeSpan, NOON, toHrTime } from './page-spans.ts';

describe('parseTags()', () => {
  test.each([
    ['', []],
    ['error=true', [['error', 'true']]],
    [
      'a=1 b="two words"',
      [
        ['a', '1'],
        ['b', 'two words'],
      ],
    ],
    ['"a b"="c\\"d"', [['a b', 'c"d']]],
    ['flag', [['flag', 'true']]],
    ['empty=', [['empty', '']]],
    ['path=/a=b', [['path', '/a=b']]],
    [
      '{"error":"true","code":500}',
      [
        ['error', 'true'],
        ['code', '500'],
      ],
    ],
  ])('reads %s', (text, tags) => {
    expect(parseTags(text)).toEqual(tags.map(([key, value]) => ({ key, value })));
  });

  test.each(['a="open', '="x"', '{"a":', 'a="x"y'])('refuses %s', (text) => {
    expect(parseTags(text)).toBeUndefined();
  });

  test('parses the output of formatTags()', () => {
    const tags = [
      { key: 'a b', value: 'x="y"\n\\' },
      { key: 'c', value: '' },
    ];
    expect(parseTags(formatTags(tags))).toEqual(tags);
  });
});

describe('spanTitle()', () => {
  const title = (name: string, attributes: Record<string, string>) =>
    spanTitle(makeSpan({ id: '1', name, attributes }));

  test.each([
    ['GET', { 'url.path': '/nix' }, 'GET /nix'],
    ['POST', { 'url.full': 'http://localhost:5000/add?x=1' }, 'POST /add'],
    ['GET /tasks/:id', { 'url.path': '/tasks/1', 'http.route': '/tasks/:id' }, 'GET /tasks/:id'],
    ['GET', { 'url.full': 'mailto:a@b' }, 'GET'],
    ['POST /a/:id', { 'url.full': 'http://b/a/1', 'url.template': '/a/:id' }, 'POST /a/:id'],
  ])('shows %s with %j as %s', (name, attributes, expected) => {
    expect(title(name, attributes)).toBe(expected);
  });
});

describe('shortSubject()', () => {
  const subject = (name: string, attributes: Record<string, string>) =>
    shortSubject(makeSpan({ id: '1', name, attributes }));

  test.each([
    ['GET /tasks/:id', { 'url.path': '/tasks/1', 'http.route': '/tasks/:id' }, '/tasks/1'],
    ['GET /', { 'url.path': '/', 'http.route': '/', 'url.query': 'show=active' }, '?show=active'],
    ['GET', { 'url.path': '/nix' }, undefined],
    ['fetch', { 'url.full': 'http://a/b' }, 'http://a/b'],
    [
      'SELECT tasks',
      {
        'db.query.text':
          'select "id", "title", "position", "version" from "tasks"\nwhere "tasks"."id" = ?',
      },
      '… from tasks where id = ?',
    ],
    [
      'DELETE tasks',
      { 'db.query.text': 'delete from "tasks" where "tasks"."id" = ?' },
      'delete from tasks where id = ?',
    ],
  ])('describes %s with %j as %s', (name, attributes, expected) => {
    expect(subject(name, attributes)).toBe(expected);
  });
});

describe('toTraceQuery()', () => {
  const parse = (query: string) => toTraceQuery(readTraceFilter(new URLSearchParams(query)), NOON);

  test("reads Jaeger's fields", () => {
    const { query, problems } = parse(
      'service=todo&operation=all&tags={"url.path":"/add"}&lookback=1h&minDuration=1.2s&maxDuration=2s&limit=20',
    );
    expect(problems).toEqual([]);
    expect(query).toMatchObject({
      service: 'todo',
      operation: undefined,
      tags: [{ key: 'url.path', value: '/add' }],
      from: NOON - 3_600_000,
      minDurationMillis: 1_200,
      maxDurationMillis: 2_000,
      limit: 20,
    });
  });

  test('reads times in microseconds when no lookback is given', () => {
    expect(parse('start=1000&end=2500').query).toMatchObject({ from: 1, to: 2.5 });
  });

  test('turns an HTTP status into a tag', () => {
    const { query } = parse('status=500');
    expect(query.tags).toEqual([{ key: 'http.response.status_code', value: '500' }]);
    expect(query.status).toBeUndefined();
  });

  test('reports fields that it cannot read and ignores them', () => {
    const { query, problems } = parse('minDuration=fast&tags=a="&limit=x');
    expect(problems).toHaveLength(2);
    expect(query).toMatchObject({ minDurationMillis: undefined, limit: 50 });
  });

  test('recognizes a search without conditions', () => {
    expect(parse('sort=longest&limit=5').isFiltered).toBe(false);
    expect(parse('text=x').isFiltered).toBe(true);
  });

  test('limits the number of traces on one page', () => {
    expect(parse('limit=999999').query.limit).toBe(1_000);
  });

  test('searchUrl() keeps the state of a search', () => {
    const filter = readTraceFilter(new URLSearchParams('service=a&tags=b=c&offset=50'));
    expect(searchUrl(filter, { offset: '' })).toBe('/search?service=a&tags=b%3Dc');
    expect(searchUrl({})).toBe('/');
  });
});

describe('formatting', () => {
  test.each([
    [0.0004, '0.4 µs'],
    [0.41, '0.41 ms'],
    [12.34, '12.3 ms'],
    [999, '999 ms'],
    [1_234, '1.23 s'],
    [185_000, '3 min 5 s'],
    [Number.NaN, '–'],
  ])('formatMillis(%d) is %s', (millis, text) => {
    expect(formatMillis(millis)).toBe(text);
  });

  test.each([
    [0.001, '1 µs'],
    [0.5, '500 µs'],
    [2.5, '2.5 ms'],
    [500, '500 ms'],
    [100_000, '100 s'],
  ])('formatTick(%d) is %s', (millis, text) => {
    expect(formatTick(millis)).toBe(text);
  });

  test.each([
    [0, '0'],
    [0.00421, '0.0042'],
    [-0.5, '-0.5'],
    [12.345, '12.35'],
    [1_204, '1,204'],
  ])('formatMetricValue(%d) is %s', (value, text) => {
    expect(formatMetricValue(value)).toBe(text);
  });

  test.each([
    ['1.2s', 1_200],
    ['100ms', 100],
    ['500us', 0.5],
    ['2h', 7_200_000],
    ['7', 7],
  ])('parseMillis(%s)', (text, millis) => {
    expect(parseMillis(text)).toBeCloseTo(millis);
  });

  test('formatClock() writes two digits of hours, minutes and seconds', () => {
    const time = new Date(2026, 10, 29, 9, 5, 3, 7).getTime();
    expect(formatClock(time)).toBe('09:05:03.007');
    expect(formatClock(time, 'seconds')).toBe('09:05:03');
  });

  test('formatAxisTime() shows what differs on an axis of a second, an hour, a week', () => {
    const time = new Date(2026, 10, 29, 9, 5, 3, 7).getTime();
    expect(formatAxisTime(time, 1_000)).toBe('09:05:03.007');
    expect(formatAxisTime(time, 3_600_000)).toBe('09:05:03');
    expect(formatAxisTime(time, 7 * 86_400_000)).toBe('2026-11-29 09:05');
  });

  test('formatTime() survives times outside of the calendar', () => {
    expect(formatTime(1e300)).toBe('invalid time');
  });

  test('esc() leaves no markup and shows control characters', () => {
    expect(esc('<a href="x">&\'')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
    expect(esc('\u001b[31m\u0000\u202e\n')).toBe('␛[31m␀\\u202e␊');
    expect(esc('\ud800 👩‍💻')).toBe('\\ud800 👩‍💻');
    expect(escLines('a\n\tb\r')).toBe('a\n\tb␍');
  });

  test('layOutSql() starts clauses on new lines, but not within quotes or brackets', () => {
    expect(
      layOutSql(
        `select "from" from t left join u on u.id = t.id where a in (select 1 from x) and b = ' where '`,
      ),
    ).toBe(
      `select "from"\nfrom t\nleft join u\n  on u.id = t.id\nwhere a in (select 1 from x) and b = ' where '`,
    );
  });
});

describe('estimatePercentile()', () => {
  const bounds = [10, 20, 50];

  test('interpolates within a bucket', () => {
    expect(estimatePercentile({ bounds, counts: [0, 10, 0, 0] }, 0.5)).toBe(15);
    expect(estimatePercentile({ bounds, counts: [5, 5, 0, 0] }, 0.5)).toBe(10);
  });

  test('returns the highest bound for values above it', () => {
    expect(estimatePercentile({ bounds, counts: [0, 0, 0, 3] }, 0.99)).toBe(50);
  });

  test('stays between the smallest and the largest value', () => {
    expect(estimatePercentile({ bounds, counts: [0, 0, 1, 0], min: 30, max: 30 }, 0.5)).toBe(30);
    expect(estimatePercentile({ bounds, counts: [0, 0, 0, 2], max: 90 }, 0.99)).toBeCloseTo(89.6);
  });

  test('has no result without observations', () => {
    expect(estimatePercentile({ bounds, counts: [0, 0, 0, 0] }, 0.5)).toBeUndefined();
    expect(estimatePercentile({ bounds: [], counts: [3] }, 0.5)).toBeUndefined();
  });
});

describe('rateRoutes()', () => {
  test('adds up the statuses of a route and counts errors', () => {
    const [busiest, other] = rateRoutes([
      makeRouteSeries('/', [1, 0, 0, 0, 0, 0, 0, 0, 0]),
      makeRouteSeries('/tasks/:id', [2, 2, 0, 0, 0, 0, 0, 0, 0]),
      makeRouteSeries('/tasks/:id', [1, 0, 0, 0, 0, 0, 0, 0, 0], { status: '500' }),
    ]);
    expect(busiest).toMatchObject({ route: 'GET /tasks/:id', count: 150, errors: 30 });
    expect(busiest?.p50).toBeGreaterThan(2);
    expect(other).toMatchObject({ route: 'GET /', count: 30, errors: 0 });
    expect(other?.p95).toBeCloseTo(5);
    expect(other?.intervals).toHaveLength(30);
  });

  test('shows the duration of a single request, though its bucket is wide', () => {
    const series = makeRouteSeries('/', [0, 0, 0, 0, 0, 0, 0, 1, 0], { points: 1 });
    const points = series.points.map((point) => ({ ...point, sum: 0.6, min: 0.6, max: 0.6 }));
    const [route] = rateRoutes([{ ...series, points }]);
    expect(route).toMatchObject({ p50: 600, p99: 600, intervals: [{ p50: 600, p99: 600 }] });
  });

  test('counts from zero after a restart', () => {
    const before = makeRouteSeries('/', [10], { points: 2 });
    const after = makeRouteSeries('/', [3], { points: 1, start: NOON + 60_000 });
    const [route] = rateRoutes([{ ...before, points: [...before.points, ...after.points] }]);
    expect(route?.count).toBe(23);
  });
});

describe('readTelemetryFile()', () => {
  const spans = [
    makeSpan({
      id: '1',
      kind: 1,
      error: 'failed',
      attributes: { text: 'a', int: 3, double: 1.5, bool: true, list: ['x', 'y'] },
      events: [{ name: 'exception', time: toHrTime(NOON), attributes: { 'exception.type': 'E' } }],
    }),
    makeSpan({ id: '2', parent: '1' }),
  ];

  test('parses the output of toOtlpDocument()', async () => {
    const text = JSON.stringify(toOtlpDocument(spans, [makeLog({ span: '1', body: 'hello' })]));
    const opened = await readTelemetryFile(text);
    const [first, second] = opened?.spans ?? [];
    expect(first).toMatchObject({
      name: '1',
      kind: 1,
      status: { code: 2, message: 'failed' },
      attributes: { text: 'a', int: 3, double: 1.5, bool: true, list: ['x', 'y'] },
      startTime: toHrTime(NOON),
      duration: [0, 10_000_000],
    });
    expect(first?.resource.attributes['service.name']).toBe('todo');
    expect(first?.events[0]?.name).toBe('exception');
    expect(second?.parentSpanContext?.spanId).toBe('1'.padStart(16, '0'));
    expect(opened?.logs[0]).toMatchObject({ body: 'hello', severityNumber: 9 });
  });

  test("reads lines of the Collector's file exporter", async () => {
    const line = JSON.stringify(toOtlpDocument(spans));
    expect((await readTelemetryFile(`${line}\n${line}\n`))?.spans).toHaveLength(4);
  });

  test("reads Jaeger's API v3 and its Trace JSON", async () => {
    const document = JSON.stringify({ result: toOtlpDocument(spans) }, undefined, 2);
    expect((await readTelemetryFile(document))?.spans).toHaveLength(2);
    const jaeger = {
      data: [
        {
          spans: [
            {
              traceID: '98b2',
              spanID: 'ab54',
              operationName: 'POST /add',
              references: [{ refType: 'CHILD_OF', traceID: '98b2', spanID: '1' }],
              startTime: 1_795_951_540_915_000,
              duration: 3_132,
              tags: [
                { key: 'span.kind', type: 'string', value: 'server' },
                { key: 'error', type: 'bool', value: true },
                { key: 'http.response.status_code', type: 'int64', value: 500 },
              ],
              logs: [
                { timestamp: 1, fields: [{ key: 'event', type: 'string', value: 'exception' }] },
              ],
              processID: 'p1',
            },
          ],
          processes: { p1: { serviceName: 'todo', tags: [] } },
        },
      ],
    };
    const [span] = (await readTelemetryFile(JSON.stringify(jaeger)))?.spans ?? [];
    expect(span).toMatchObject({
      name: 'POST /add',
      kind: 1,
      duration: [0, 3_132_000],
      status: { code: 2 },
      attributes: { 'http.response.status_code': 500 },
    });
    expect(span?.spanContext().traceId).toBe('98b2'.padStart(32, '0'));
  });

  test.each([
    '',
    'no json',
    '[]',
    '{}',
    'null',
    '{"resourceSpans":[{"scopeSpans":7}]}',
    '{"data":[null]}',
  ])('refuses %s', async (text) => {
    expect(await readTelemetryFile(text)).toBeUndefined();
  });
});

test('compareTotals() puts the largest difference first', () => {
  const usual = medianTotals([
    totalSpans({ spans: makePageTrace() }),
    totalSpans({ spans: makePageTrace() }),
  ]);
  const slow = makePageTrace().map((span) =>
    span.name === 'insert tasks' ? { ...span, duration: toHrTime(24) } : span,
  );
  const [first] = compareTotals(usual, totalSpans({ spans: slow }));
  expect(first).toMatchObject({ name: 'insert tasks', countA: 1, countB: 1 });
  expect(first?.difference).toBeCloseTo(20);
});

test('rankServices() ranks circles as well', () => {
  const edge = (from: string, to: string) => ({ from, to, count: 1, errors: 0, totalMillis: 1 });
  const edges = [edge('web', 'api'), edge('api', 'worker'), edge('worker', 'api')];
  const levels = rankServices({ services: ['api', 'web', 'worker'], edges });
  expect(Object.fromEntries(levels)).toEqual({ web: 0, api: 1, worker: 2 });
});
