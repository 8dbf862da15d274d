import { defaultTextMapGetter, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import type { HonoRequest } from 'hono';
import { expect, test } from 'vitest';
import { describeFailure } from '../exporters/otlp/failure/describe-failure.ts';
import { failureContext } from '../exporters/otlp/failure/failure-context.ts';
import { sanitizeMessage } from '../exporters/otlp/failure/sanitize-message.ts';
import { parseRetryAfter } from '../exporters/otlp/retry-after.ts';
import { printable, printableLines } from '../exporters/terminal/printable.ts';
import { cutText, textWidth } from '../exporters/terminal/text.ts';
import { readForwarded } from '../packages/hono-opentelemetry/src/http/forwarded.ts';
import { createRedactor } from '../packages/hono-opentelemetry/src/index.ts';
import {
  MYSQL,
  STANDARD_SQL,
  sanitizeSql,
} from '../packages/hono-opentelemetry/src/sql/sql-tokens.ts';
import { summarizeSql } from '../packages/hono-opentelemetry/src/sql/summarize-sql.ts';
import { sanitize, showUrl } from '../packages/opentelemetry-instrument/src/doctor/show.ts';
import { parseBatch } from '../packages/opentelemetry-instrument/src/intake/parse-batch.ts';
import { createTraceContextPropagator } from '../packages/opentelemetry-instrument/src/sdk/propagation/trace-context-propagator.ts';
import { parseTraceState } from '../packages/opentelemetry-instrument/src/sdk/propagation/trace-state.ts';
import { otlpSettings } from '../packages/opentelemetry-instrument/src/settings/otlp-settings.ts';
import { createApp } from '../src/app.ts';
import { redactSpan } from '../src/http/otlp-intake/redact-span.ts';
import { readForm } from '../src/http/pages/read-form.ts';
import { readJsonBody } from '../src/http/read-json-body.ts';
import { parseTitle } from '../src/tasks/parse-title.ts';
import { browserBatch, browserSpan, text } from './support/browser-batch.ts';
import { measureGrowth } from './support/measure-growth.ts';
import { createMemoryTaskStore } from './support/memory-task-store.ts';
import { settingsOf } from './support/settings.ts';

/** An input: what is repeated, between what comes before and after. */
type Worst = readonly [unit: string, before?: string, after?: string];

/** Texts that no parser may take long for, each for another way to scan a text more than once. */
const GENERAL: readonly Worst[] = [
  ...[' ', 'a', '=', ',', ';', '&', '/', '"', "'", '[', '(', '.', '%', '$', '@', '\n'],
  ...['%25', '%3d', '://', 'a=', 'a,', 'a=b;', '?a', '\u0301', '\x1b', '{"', 'eyJ', 'token='],
].flatMap((unit): Worst[] => [[unit], [unit, 'a=1', 'b']]);

function fill([unit, before = '', after = '']: Worst, size: number): string {
  return (
    before + unit.repeat(Math.ceil((size - before.length - after.length) / unit.length)) + after
  );
}

const redactor = createRedactor(['tenant', /^x-/]);
const otlp = otlpSettings(
  'traces',
  settingsOf({ OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme,authorization=Bearer s3cret' }),
);
const parent = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '1'.repeat(32),
  spanId: '1'.repeat(16),
  traceFlags: TraceFlags.SAMPLED,
});
const extract = (name: string, value: string) =>
  createTraceContextPropagator().extract(parent, { [name]: value }, defaultTextMapGetter);

/** Everything that reads a text from outside, with what is worst for it beyond the general. */
const readers: readonly (readonly [name: string, (text: string) => unknown, ...Worst[]])[] = [
  ['parseTraceState()', parseTraceState, [' ', 'a=1<', '>b'], ['a=1,'], ['a1=1, ']],
  ['extract() of traceparent', (value) => extract('traceparent', value), ['0', '00-']],
  [
    'extract() of baggage',
    (baggage) => new W3CBaggagePropagator().extract(parent, { baggage }, defaultTextMapGetter),
    ['a=1;b=2,'],
    [';b', 'a=1'],
  ],
  [
    'readForwarded()',
    (value) =>
      readForwarded(
        (name) => (name === 'forwarded' ? value : undefined),
        () => true,
      ),
    ['for="[', 'for="[::1]', '"'],
    ['""'],
    [']:1', 'for="[', '"'],
    ['for=a;for=a,'],
  ],
  [
    'readForwarded() of lists',
    (value) =>
      readForwarded(
        () => value,
        () => true,
      ),
    ['::1, '],
  ],
  [
    'query()',
    redactor.query,
    ['%253d', 'token'],
    ['a%3D'],
    ['%25', 'token=%'],
    ['token=%26'],
    ['?token='],
  ],
  ['path()', redactor.path, ['/token=a'], [';'], ['eyJ-', 'eyJ'], ['eyJhbGciOiJI.']],
  [
    'text()',
    redactor.text,
    ['Bearer '],
    [' ', 'Bearer', 'a'],
    ['-', 'Bearer ', ' '],
    ['a://a'],
    ['%3a%2f%2fa', '', '@'],
    ['"token":"'],
    ['a', '"token":"'],
    ['25', 'Bearer%'],
    ['%20', 'Bearer', 'a'],
    ['25', '%', '22token'],
    ['%25', 'token a://', '@'],
    ['"token" ', ' '],
    ['%22pin%22:1'],
    ['"', 'a'],
  ],
  ['header()', (value) => redactor.header('referer', value)],
  ['header() by its name', (name) => redactor.header(name, 'a'), ['aA'], ['%2561']],
  [
    'summarizeSql()',
    (text) => summarizeSql(text, STANDARD_SQL),
    ['$a$ $b$ '],
    ['$a'],
    ['$$'],
    ['a.['],
    ['a . '],
    [' ', 'SELECT * FROM "a', 'b"'],
    ['/*'],
    ['--'],
    ['a FROM a JOIN '],
    ['CREATE TABLE '],
    ['WITH a AS ('],
    ['SELECT * FROM a, (', '', ')'],
  ],
  [
    'sanitizeSql()',
    (text) => sanitizeSql(text, STANDARD_SQL),
    ['$a$ $b$ '],
    ['$a'],
    ['$$'],
    ["''"],
    ["'", "E'"],
    ["\\'", "'"],
    ['1e'],
    ['1.'],
    ['/*'],
    ['--'],
    ['#'],
  ],
  [
    'sanitizeSql() of MySQL',
    (text) => sanitizeSql(text, MYSQL),
    ['$a$ $b$ '],
    ['$a'],
    ['$$'],
    ["''"],
    ["'", "E'"],
    ["\\'", "'"],
    ['1e'],
    ['1.'],
    ['/*'],
    ['--'],
    ['#'],
  ],
  ['parseTitle()', parseTitle, ['\u00ad'], ['\u200d']],
  ['printable()', printable],
  ['printableLines()', printableLines],
  ['textWidth()', textWidth],
  ['cutText()', (text) => cutText(printable(text), 80)],
  ['sanitize()', (text) => sanitize(text, ['Bearer s3cret', 'acme']), ['acme']],
  ['showUrl()', showUrl, ['?key'], ['//']],
  ['sanitizeMessage()', (text) => sanitizeMessage(text, otlp), ['acme'], ['.']],
  [
    'describeFailure()',
    (message) => describeFailure({ kind: 'connection', message }, failureContext('traces', otlp)),
    ['alert'],
    ['alert certificate '],
  ],
  ['parseRetryAfter()', parseRetryAfter],
  [
    'parseBatch()',
    (value) => {
      const fields = { name: value, attributes: [text('url.query', value), text(value, value)] };
      const { spans = [] } = parseBatch(browserBatch(browserSpan(fields))) ?? {};
      return spans.map((span) => redactSpan(span, redactor));
    },
  ],
];

const cases = readers.map(([name, read, ...worst]) => ({ name, read, worst }));

/** Time for all inputs of a reader on a busy machine. How long one takes does not count. */
const TIMEOUT_MS = 240_000;

test.each(cases)('$name takes linear time', { timeout: TIMEOUT_MS }, async ({ read, worst }) => {
  for (const each of [...GENERAL, ...worst]) {
    const growth = await measureGrowth((size) => fill(each, size), read);
    expect(growth, JSON.stringify(each)).toMatchObject({ isLinear: true });
  }
});

const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=b';
const PART = '--b\r\ncontent-disposition: form-data; name="task"';

test.each<[what: string, type: string, worst: Worst]>([
  ['separators', URL_ENCODED, ['&']],
  ['empty fields', URL_ENCODED, ['a=&']],
  ['broken escapes', URL_ENCODED, ['%']],
  ['blanks', URL_ENCODED, ['+', 'task=', 'a']],
  ['boundaries', MULTIPART, ['--b\r\n']],
  ['empty parts', MULTIPART, [`${PART}\r\n\r\n\r\n`, '', '--b--\r\n']],
  ['headers', MULTIPART, ['a:b\r\n', `${PART}\r\n`, '\r\na\r\n--b--\r\n']],
  ['blanks in a header', MULTIPART, [' ', PART, 'a\r\n\r\na\r\n--b--\r\n']],
  [
    'headers with blanks',
    MULTIPART,
    [`${PART}${' '.repeat(7_000)}a\r\n\r\na\r\n`, '', '--b--\r\n'],
  ],
  ['half boundaries', MULTIPART, ['\r\n--', `${PART}\r\n\r\n`, '\r\n--b--\r\n']],
])('a form with many %s is read in linear time', async (_, type, worst) => {
  const growth = await measureGrowth(
    (size) => request(type, fill(worst, size)),
    (form) => readForm(form),
  );
  expect(growth).toMatchObject({ isLinear: true });
});

test.each<[Worst]>([
  [['[']],
  [['[],', '[', '[]]']],
  [['{"a":']],
  [['1']],
  [['"a",', '[', '1]']],
  [[' ']],
])('readJsonBody() takes linear time for %j', async (worst) => {
  const growth = await measureGrowth(
    (size) => request('application/json', fill(worst, size)),
    (json) => readJsonBody(json, ['application/json']),
  );
  expect(growth).toMatchObject({ isLinear: true });
});

test.each(['application/json', URL_ENCODED, 'multipart/form-data'])(
  'a long Content-Type that begins as %s is read in linear time',
  async (type) => {
    const growth = await measureGrowth(
      (size) => request(fill([' ', `${type};`, 'a; boundary=b'], size), 'a'),
      (sent) => Promise.all([readForm(sent), readJsonBody(sent, ['application/json'])]),
    );
    expect(growth).toMatchObject({ isLinear: true });
  },
);

const app = createApp({ store: createMemoryTaskStore(), trustProxy: () => true });

test.each(['Accept', 'Accept-Encoding', 'If-None-Match', 'Origin', 'Cookie', 'User-Agent'])(
  'a request with a long %s is answered in linear time',
  async (name) => {
    const path = name === 'Accept-Encoding' ? '/app.js' : '/api/tasks';
    for (const unit of ['a,', 'a;q=1,', 'a=1;', 'gzip;', 'W/"', '"', '/']) {
      const growth = await measureGrowth(
        (size) =>
          new Request(`http://localhost${path}`, { headers: { [name]: fill([unit], size) } }),
        (sent) => app.fetch(sent),
      );
      expect(growth, unit).toMatchObject({ isLinear: true });
    }
  },
);

test.each(['/', '%25', '%', ';', '..', 'a'])(
  'a request for a path of many %s is answered in linear time',
  async (unit) => {
    for (const before of ['/', '/api/tasks/', '/?', '/api/tasks?after=']) {
      const growth = await measureGrowth(
        (size) => new Request(`http://localhost${fill([unit, before], size)}`),
        (sent) => app.fetch(sent),
      );
      expect(growth, before).toMatchObject({ isLinear: true });
    }
  },
);

test('measureGrowth() finds work that grows with the square of its input', async () => {
  const growth = await measureGrowth(
    (size) => size,
    (size) => {
      let sum = 0;
      for (let i = 0; i < size; i += 16) for (let j = 0; j < size; j += 16) sum += i ^ j;
      return sum;
    },
  );
  expect(growth.isLinear).toBe(false);
});

/** Creates the part of a request that the readers of bodies use. */
function request(type: string, body: string): HonoRequest {
  const sent = {
    method: 'POST',
    header: (name: string) => (name === 'Content-Type' ? type : undefined),
    text: async () => body,
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  };
  return sent as unknown as HonoRequest;
}
