import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createTreeExporter, type TreeOptions } from '../../exporters/tree.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const remote = (traceFlags: number) =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: TRACE,
    spanId: '00f067aa0ba902b7',
    traceFlags,
    isRemote: true,
  });
const sampled = remote(TraceFlags.SAMPLED);

/** Opens a tree exporter with an SDK. `at(4.2)` is 4.2 milliseconds after the start. */
function open(options: TreeOptions = {}, resource: Attributes = {}) {
  const writer = createMemoryWriter();
  const terminal = () => ({ color: false, columns: undefined });
  const exporter = createTreeExporter({ writer, terminal, ...options });
  const spans = exporter.traces();
  const logs = exporter.logs();
  const tracers = new BasicTracerProvider({
    resource: resourceFromAttributes(resource),
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const loggers = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: logs })],
  });
  const tracer = tracers.getTracer('test');
  const start = (name: string, parent: Context, millis: number, attributes = {}) => {
    const span = tracer.startSpan(name, { startTime: at(millis), attributes }, parent);
    return { span, context: trace.setSpan(parent, span), end: (m: number) => span.end(at(m)) };
  };
  const log = (body: string, context: Context, millis: number, attributes = {}) =>
    loggers.getLogger('test').emit({
      body,
      context,
      attributes,
      severityNumber: SeverityNumber.INFO,
      timestamp: at(millis),
    });
  return { writer, tracers, loggers, start, log };
}

const at = (millis: number): [number, number] => [1_795_218_389, Math.round(millis * 1e6)];
/** Replaces the local time of day, and removes the bars below it. */
const withoutTime = (text: string) =>
  text.replaceAll(/^(?:(\d\d:\d\d:\d\d\.\d{3})|[ ╸╺━·]{12}) /gm, (_, time) =>
    time ? 'TIME ' : '',
  );

test('the tree prints a request when its local root ends, with descendants in time order', () => {
  const { writer, start, log } = open();
  const request = start('GET /', sampled, 0, { 'http.route': '/' });
  const page = start('render', request.context, 3);
  log('rendered', page.context, 3.5);
  page.end(4);
  log('listed tasks', request.context, 2, { 'task.count': 3, note: 'two words' });
  const query = start('SELECT tasks', request.context, 1, {
    'db.query.text': 'select "id"\n  from "tasks"',
  });
  query.end(1.4);
  expect(writer.text).toBe('');
  request.span.setAttribute('http.response.status_code', 200);
  request.end(4.2);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET / 200 4.2 ms  trace ${TRACE}
├─ SELECT tasks 0.40 ms  select "id" from "tasks"
├─ INFO listed tasks  task.count=3 note="two words"
└─ render 1.0 ms
   └─ INFO rendered
`,
  );
});

test('the tree marks errors and prints exceptions on one line without a stack trace', () => {
  const { writer, start } = open();
  const request = start('POST /add', sampled, 0, { 'http.route': '/add' });
  const insert = start('INSERT tasks', request.context, 1, { 'error.type': 'SQLITE_BUSY' });
  insert.span.setStatus({ code: SpanStatusCode.ERROR });
  insert.end(2);
  request.span.recordException(new TypeError('first\nsecond'), at(3));
  request.span.setAttribute('http.response.status_code', 500);
  request.span.setStatus({ code: SpanStatusCode.ERROR });
  request.end(150);
  expect(withoutTime(writer.text).replace(/:\d+$/m, ':LINE')).toBe(
    `TIME ✗ POST /add 500 150 ms  trace ${TRACE}
├─ ✗ INSERT tasks 1.0 ms  SQLITE_BUSY
└─ ✗ TypeError: first\\nsecond  test/exporters/tree.test.ts:LINE
`,
  );
});

test('the tree shows the escaped path of a request without a route', () => {
  const { writer, start } = open();
  const request = start('GET', sampled, 0, { 'url.path': '/\u001b[2J\r\n' });
  request.end(200);
  expect(withoutTime(writer.text)).toBe(`TIME GET 200 ms  /\\u001b[2J\\r\\n  trace ${TRACE}\n`);
});

test('the tree prints overlapping requests of one trace separately', () => {
  const { writer, start, log } = open();
  const [first, second] = [start('GET /1', sampled, 0), start('GET /2', sampled, 0)];
  start('SELECT 1', first.context, 1).end(2);
  log('in the second', second.context, 1);
  start('SELECT 2', second.context, 2).end(3);
  first.end(4);
  second.end(5);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET /1 4.0 ms  trace ${TRACE}
└─ SELECT 1 1.0 ms
TIME GET /2 5.0 ms  trace ${TRACE}
├─ INFO in the second
└─ SELECT 2 1.0 ms
`,
  );
});

test('the tree immediately prints spans that end after their root, with time and trace ID', () => {
  const { writer, start, log } = open();
  const request = start('GET /', sampled, 0);
  const job = start('send mail', request.context, 1);
  log('sending', job.context, 2);
  request.end(3);
  writer.text = '';
  log('late', request.context, 4);
  job.end(6);
  expect(withoutTime(writer.text)).toBe(
    `TIME INFO late  trace ${TRACE}
TIME send mail 5.0 ms  trace ${TRACE}
└─ INFO sending
`,
  );
});

test('the tree immediately prints log records of unknown traces', () => {
  const { writer, log } = open();
  log('no trace', ROOT_CONTEXT, 0);
  log('not sampled', remote(TraceFlags.NONE), 1);
  log('no span of ours', sampled, 2);
  expect(withoutTime(writer.text)).toBe(
    `TIME INFO no trace
TIME INFO not sampled  trace ${TRACE}
TIME INFO no span of ours  trace ${TRACE}
`,
  );
});

test('the tree immediately prints each log record if it receives only logs', () => {
  const writer = createMemoryWriter();
  const exporter = createTreeExporter({ writer }).logs();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const { tracers, start } = open();
  const { context } = start('GET /', ROOT_CONTEXT, 0);
  loggers.getLogger('test').emit({ body: 'alone', context });
  expect(writer.text).toContain('UNSPECIFIED alone  trace ');
  return tracers.shutdown();
});

test('shutdown() of the tree prints spans that still wait for their root', async () => {
  const { writer, tracers, loggers, start, log } = open();
  const request = start('GET /', sampled, 0);
  const query = start('SELECT tasks', request.context, 1);
  log('inside', query.context, 1.5);
  query.end(2);
  await Promise.all([loggers.shutdown(), tracers.shutdown()]);
  expect(withoutTime(writer.text)).toBe(
    `TIME SELECT tasks 1.0 ms  trace ${TRACE}
└─ INFO inside
`,
  );
});

test('the tree prints the number of dropped records as the first line', () => {
  const { writer, start } = open();
  const request = start('GET /', sampled, 0);
  for (let i = 0; i < 1_003; i++) start(`SELECT ${i}`, request.context, i).end(i + 1);
  request.end(2_000);
  const lines = withoutTime(writer.text).split('\n');
  expect(lines.slice(1, 3)).toEqual(['├─ 3 earlier entries dropped', '├─ SELECT 3 1.0 ms']);
  expect(lines.at(-2)).toBe('└─ SELECT 1002 1.0 ms');
});

test('the tree draws when each child ran, and moments as dots', () => {
  const { writer, start, log } = open();
  const request = start('GET /', sampled, 0);
  start('first half', request.context, 0).end(60);
  log('quarter', request.context, 31);
  request.span.addEvent('cache miss', at(119));
  start('last', request.context, 115).end(120);
  start('instant', request.context, 40).end(40.001);
  request.end(120);
  expect(writer.text.split('\n').slice(1)).toEqual([
    '━━━━━━       ├─ first half 60.0 ms 50 %',
    '   ·         ├─ INFO quarter',
    '    ╸        ├─ instant 0.00 ms',
    '           ╺ ├─ last 5.0 ms',
    '           · └─ • cache miss',
    '',
  ]);
});

test('the tree shows the parts of path and query that the route lacks', () => {
  const { writer, start } = open();
  for (const [route, path, query] of [
    ['/tasks/:id', '/tasks/17', 'show=active'],
    ['/', '/', 'show=active'],
    ['/', '/', undefined],
  ]) {
    start('GET', sampled, 0, { 'http.route': route, 'url.path': path, 'url.query': query }).end(1);
  }
  expect(withoutTime(writer.text)).toBe(
    `TIME GET 1.0 ms  /tasks/17?show=active  trace ${TRACE}
TIME GET 1.0 ms  ?show=active  trace ${TRACE}
TIME GET 1.0 ms  trace ${TRACE}
`,
  );
});

test('the tree merges three or more equal siblings and their equal descendants', () => {
  const { writer, start, log } = open();
  const request = start('GET /', sampled, 0);
  const find = (id: number, millis: number) => {
    const called = start('find', request.context, millis);
    start('SELECT tasks', called.context, millis, { 'db.query.text': 'select ?' }).end(millis + 1);
    if (id === 9) log('found', called.context, millis);
    called.end(millis + 2);
  };
  for (let i = 0; i < 5; i++) find(i, i * 2);
  find(9, 10);
  for (const millis of [12, 13]) start('twice', request.context, millis).end(millis + 1);
  request.end(20);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET / 20.0 ms  trace ${TRACE}
├─ find ×5 10.0 ms
│  └─ SELECT tasks ×5 5.0 ms  select ?
├─ find 2.0 ms
│  ├─ SELECT tasks 1.0 ms  select ?
│  └─ INFO found
├─ twice 1.0 ms
└─ twice 1.0 ms
`,
  );
});

test('the tree marks slow spans, and those that took most of a request themselves', () => {
  const { writer, start } = open({ slowMillis: 100 });
  const request = start('GET /', sampled, 0);
  const render = start('render', request.context, 0);
  start('SELECT tasks', render.context, 10).end(90);
  render.end(110);
  request.end(120);
  start('GET /fast', sampled, 0, { 'url.path': '/' }).end(9);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET / 120 ms slow  trace ${TRACE}
└─ render 110 ms slow
   └─ SELECT tasks 80.0 ms 67 %
TIME GET /fast 9.0 ms  /  trace ${TRACE}
`,
  );
});

test('the tree counts the time of parallel spans once', () => {
  const { writer, start } = open({ slowMillis: 100 });
  const request = start('GET /', sampled, 0);
  for (let i = 0; i < 10; i++) start('GET /stock', request.context, i).end(i + 31);
  request.end(50);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET / 50.0 ms  trace ${TRACE}
└─ GET /stock ×10 40.0 ms 80 %
`,
  );
});

test('the tree shows an exception once, with its location in the program', () => {
  const { writer, start, log } = open();
  const error = new RangeError('too many');
  const request = start('GET /', sampled, 0);
  const handler = start('handler', request.context, 1);
  for (const { span } of [handler, request]) {
    span.recordException(error, at(2));
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  handler.end(3);
  log('request failed', request.context, 3, { 'exception.type': 'RangeError' });
  log('another', request.context, 3.5, { 'exception.type': 'TypeError' });
  request.end(4);
  expect(withoutTime(writer.text).replace(/:\d+$/m, ':LINE')).toBe(
    `TIME ✗ GET / 4.0 ms  trace ${TRACE}
├─ ✗ handler 2.0 ms
│  └─ ✗ RangeError: too many  test/exporters/tree.test.ts:LINE
├─ INFO request failed
└─ INFO another  TypeError
`,
  );
});

test.each([
  ['at run (node:internal/timers:1:2)\n    at /srv/app.ts:3:4', '/srv/app.ts:3'],
  ['at get (/srv/node_modules/pg/index.js:1:2)\n    at file:///srv/a%20b.ts:3:4', '/srv/a b.ts:3'],
  ['at async file:///srv/app.ts:3:4', '/srv/app.ts:3'],
  ['at new Task (/srv/(app)/page.ts:3:4)', '/srv/(app)/page.ts:3'],
  ['at ext:core/01.js:1:2\n    at native\n    at <anonymous>:1:2', undefined],
])('the place of an exception with the stack %j is %s', (frames, place) => {
  const { writer, start } = open();
  const { span, end } = start('GET /', sampled, 0);
  const stacktrace = `Error: message\n    ${frames}`;
  span.addEvent('exception', { 'exception.type': 'Error', 'exception.stacktrace': stacktrace });
  end(1);
  expect(withoutTime(writer.text).split('\n')[1]).toBe(`└─ ✗ Error${place ? `  ${place}` : ''}`);
});

test('the tree prints an exception whose stack has an invalid file URL', () => {
  const { writer, start } = open();
  const { span, end } = start('GET /', sampled, 0);
  const stacktrace = 'Error\n    at file:///%zz.ts:3:4';
  span.addEvent('exception', { 'exception.type': 'Error', 'exception.stacktrace': stacktrace });
  end(1);
  // Bun accepts the URL.
  expect(withoutTime(writer.text)).toContain('└─ ✗ Error');
});

test('the tree puts the trace on a separate line where the first has no room', () => {
  const traceUrl = 'http://localhost:16686/trace/';
  const { writer, start, log } = open({
    traceUrl,
    terminal: () => ({ color: false, columns: 80 }),
  });
  const request = start('GET /', sampled, 0);
  const list = '"id", "title", "completed", "created_at", "position"';
  const statement = `select ${list} from "tasks" where "tasks"."completed" = ?`;
  start('query', request.context, 0, {
    'db.query.summary': 'SELECT tasks',
    'db.query.text': statement,
  }).end(1);
  request.end(2);
  log('not sampled', remote(TraceFlags.NONE), 1);
  expect(withoutTime(writer.text)).toBe(
    `TIME GET / 2.0 ms
${traceUrl}${TRACE}
└─ SELECT tasks 1.0 ms  … from tasks where completed = ?
TIME INFO not sampled  trace ${TRACE}
`,
  );
});

test('the tree shows the trace of a page load only where the line has room for it', () => {
  const page = { 'telemetry.sdk.language': 'webjs' };
  const { writer, start } = open({ terminal: () => ({ color: false, columns: 70 }) }, page);
  start('documentLoad', sampled, 0, { 'url.full': 'http://localhost/' }).end(84);
  const error = start('error', sampled, 0);
  error.span.addEvent('exception', { 'exception.message': 'a click on a button failed' });
  error.end(0);
  expect(withoutTime(writer.text)).toBe(
    `TIME page / loaded in 84.0 ms
TIME page ✗ a click on a button failed
trace ${TRACE}
`,
  );
});

test.each([
  [true, ['page /?show=active loaded in 84.0 ms, LCP 60.0 ms', 'page ✗ TypeError  /app.js:1:234']],
  [false, []],
])('the tree with showPages %s shows page loads and errors as %j', (showPages, expected) => {
  const { writer, start } = open({ showPages }, { 'telemetry.sdk.language': 'webjs' });
  const load = start('documentLoad', sampled, 0, { 'url.full': 'http://localhost/?show=active' });
  start('resourceFetch', load.context, 0).end(1);
  const vital = { 'browser.web_vital.name': 'lcp', 'browser.web_vital.value': 60 };
  load.span.addEvent('browser.web_vital', vital, at(84));
  load.end(84);
  const error = start('error', sampled, 0);
  const stack = 'TypeError\n    at http://localhost/app.js:1:234';
  const attributes = { 'exception.type': 'TypeError', 'exception.stacktrace': stack };
  error.span.addEvent('exception', attributes);
  error.end(0);
  start('POST /add', ROOT_CONTEXT, 0).end(1);
  expect(withoutTime(writer.text)).toBe(
    expected.map((line) => `TIME ${line}  trace ${TRACE}\n`).join(''),
  );
});
