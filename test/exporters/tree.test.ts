import { type Context, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
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

/** A tree exporter under an SDK; `at(4.2)` is that many milliseconds after the beginning. */
function open(options: TreeOptions = {}) {
  const writer = createMemoryWriter();
  const terminal = () => ({ color: false, columns: undefined });
  const exporter = createTreeExporter({ writer, terminal, ...options });
  const spans = exporter.traces();
  const logs = exporter.logs();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
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
/** Lines outside trees begin with the local time of day. */
const withoutTime = (text: string) => text.replaceAll(/^\d\d:\d\d:\d\d\.\d{3} /gm, 'TIME ');

test('a request is printed when its local root ends, with what is below it in time order', () => {
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
  expect(writer.text).toBe(
    `GET / 200 4.2 ms  trace ${TRACE}
├─ SELECT tasks 0.40 ms  select "id" from "tasks"
├─ INFO listed tasks  task.count=3 note="two words"
└─ render 1.0 ms
   └─ INFO rendered
`,
  );
});

test('an error is marked, and an exception stands in one line without its stack', () => {
  const { writer, start } = open();
  const request = start('POST /add', sampled, 0, { 'http.route': '/add' });
  const insert = start('INSERT tasks', request.context, 1, { 'error.type': 'SQLITE_BUSY' });
  insert.span.setStatus({ code: SpanStatusCode.ERROR });
  insert.end(2);
  request.span.recordException(new TypeError('first\nsecond'), at(3));
  request.span.setAttribute('http.response.status_code', 500);
  request.span.setStatus({ code: SpanStatusCode.ERROR });
  request.end(150);
  expect(writer.text).toBe(
    `✗ POST /add 500 150 ms  trace ${TRACE}
├─ ✗ INSERT tasks 1.0 ms  SQLITE_BUSY
└─ ✗ TypeError: first\\nsecond
`,
  );
});

test('a request without a route shows its path, escaped', () => {
  const { writer, start } = open();
  const request = start('GET', sampled, 0, { 'url.path': '/\u001b[2J\r\n' });
  request.end(2_000);
  expect(writer.text).toBe(`GET /\\u001b[2J\\r\\n 2.00 s  trace ${TRACE}\n`);
});

test('two requests of one trace that overlap are two trees', () => {
  const { writer, start, log } = open();
  const [first, second] = [start('GET /1', sampled, 0), start('GET /2', sampled, 0)];
  start('SELECT 1', first.context, 1).end(2);
  log('in the second', second.context, 1);
  start('SELECT 2', second.context, 2).end(3);
  first.end(4);
  second.end(5);
  expect(writer.text).toBe(
    `GET /1 4.0 ms  trace ${TRACE}
└─ SELECT 1 1.0 ms
GET /2 5.0 ms  trace ${TRACE}
├─ INFO in the second
└─ SELECT 2 1.0 ms
`,
  );
});

test('what ends after its root is printed at once, with its time and the short trace id', () => {
  const { writer, start, log } = open();
  const request = start('GET /', sampled, 0);
  const job = start('send mail', request.context, 1);
  log('sending', job.context, 2);
  request.end(3);
  writer.text = '';
  log('late', request.context, 4);
  job.end(6);
  expect(withoutTime(writer.text)).toBe(
    `TIME INFO late  trace 4bf92f35
TIME send mail 5.0 ms  trace 4bf92f35
└─ INFO sending
`,
  );
});

test('a log record whose trace is not shown here is printed at once', () => {
  const { writer, log } = open();
  log('no trace', ROOT_CONTEXT, 0);
  log('not sampled', remote(TraceFlags.NONE), 1);
  log('no span of ours', sampled, 2);
  expect(withoutTime(writer.text)).toBe(
    `TIME INFO no trace
TIME INFO not sampled  trace 4bf92f35
TIME INFO no span of ours  trace 4bf92f35
`,
  );
});

test('when only logs come to the tree, each is printed at once', () => {
  const writer = createMemoryWriter();
  const exporter = createTreeExporter({ writer }).logs();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const { tracers, start } = open();
  const { context } = start('GET /', ROOT_CONTEXT, 0);
  loggers.getLogger('test').emit({ body: 'alone', context });
  expect(writer.text).toContain('UNSPECIFIED alone  trace ');
  return tracers.shutdown();
});

test('shutdown prints what is still waiting for its root', async () => {
  const { writer, tracers, loggers, start, log } = open();
  const request = start('GET /', sampled, 0);
  const query = start('SELECT tasks', request.context, 1);
  log('inside', query.context, 1.5);
  query.end(2);
  await Promise.all([loggers.shutdown(), tracers.shutdown()]);
  expect(withoutTime(writer.text)).toBe(
    `TIME SELECT tasks 1.0 ms  trace 4bf92f35
└─ INFO inside
`,
  );
});

test('what a request has lost is said as its first line', () => {
  const { writer, start } = open();
  const request = start('GET /', sampled, 0);
  for (let i = 0; i < 1_003; i++) start(`SELECT ${i}`, request.context, i).end(i + 1);
  request.end(2_000);
  const lines = writer.text.split('\n');
  expect(lines.slice(1, 3)).toEqual(['├─ 3 earlier entries dropped', '├─ SELECT 3 1.0 ms']);
  expect(lines.at(-2)).toBe('└─ SELECT 1002 1.0 ms');
});

test('events that only say when something was stand in one line, in their place', () => {
  const { writer, start } = open();
  const request = start('GET /', sampled, 0);
  request.span.addEvent('cache miss', at(1));
  request.span.addEvent('retry', at(1.5));
  start('SELECT tasks', request.context, 2).end(2.5);
  request.span.addEvent('parsed', { size: 3 }, at(3));
  request.span.addEvent('done', at(3.5));
  request.end(4);
  expect(writer.text).toBe(
    `GET / 4.0 ms  trace ${TRACE}
├─ • cache miss • retry
├─ SELECT tasks 0.50 ms
├─ • parsed  size=3
└─ • done
`,
  );
});
