import { SpanKind } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import type { BrowserSpan } from '../../../packages/opentelemetry-instrument/src/intake/browser-span.ts';
import { parseBatch } from '../../../packages/opentelemetry-instrument/src/intake/parse-batch.ts';
import { browserBatch, browserSpan, TRACE_ID, text } from '../../support/browser-batch.ts';

const NOW = 1_800_000_000;
const AT = (seconds: number, nanos = 0) => `${NOW + seconds}${String(nanos).padStart(9, '0')}`;

function parse(other: Record<string, unknown>): BrowserSpan | undefined {
  const times = { startTimeUnixNano: AT(-2), endTimeUnixNano: AT(-1, 5) };
  return parseBatch(browserBatch(browserSpan({ ...times, ...other })), NOW)?.spans[0];
}

describe('parseBatch()', () => {
  test('reads a complete span', () => {
    const attributes = [
      text('url.full', 'http://localhost/'),
      { key: 'http.response.status_code', value: { intValue: '200' } },
      { key: 'count', value: { intValue: 3 } },
      { key: 'share', value: { doubleValue: 0.5 } },
      { key: 'cached', value: { boolValue: false } },
    ];
    const span = parse({
      parentSpanId: '1112131415161718',
      kind: 3,
      flags: 257,
      attributes,
      events: [{ name: 'fetchStart', timeUnixNano: AT(-2, 7), attributes: [text('a', 'b')] }],
      status: { code: 2, message: 'no' },
    });
    expect(span).toEqual({
      traceId: TRACE_ID,
      spanId: '00f067aa0ba902b7',
      parentSpanId: '1112131415161718',
      traceFlags: 1,
      name: 'documentLoad',
      kind: SpanKind.CLIENT,
      startTime: [NOW - 2, 0],
      endTime: [NOW - 1, 5],
      status: { code: 2, message: 'no' },
      attributes: {
        'url.full': 'http://localhost/',
        'http.response.status_code': 200,
        count: 3,
        share: 0.5,
        cached: false,
      },
      droppedAttributesCount: 0,
      events: [
        {
          name: 'fetchStart',
          time: [NOW - 2, 7],
          attributes: { a: 'b' },
        },
      ],
      droppedEventsCount: 0,
    });
  });

  test('ignores resource, scope, links and trace state', () => {
    const span = parse({ links: [{ traceId: TRACE_ID }], traceState: 'a=b', resource: {} });
    expect(JSON.stringify(span)).not.toMatch(/forged|links|traceState|resource/);
  });

  test('accepts ids in upper case, and null for missing values', () => {
    const sent = { traceId: TRACE_ID.toUpperCase(), parentSpanId: null, kind: null };
    const span = parse(sent);
    expect(span).toMatchObject({ traceId: TRACE_ID, kind: SpanKind.INTERNAL });
    expect(span).not.toHaveProperty('parentSpanId');
  });

  test.each([
    ['a trace id of zeros', { traceId: '0'.repeat(32) }],
    ['a trace id that is too long', { traceId: `${TRACE_ID}0` }],
    ['a trace id of a line', { traceId: `${TRACE_ID.slice(1)}\n` }],
    ['no span id', { spanId: undefined }],
    ['a span id of zeros', { spanId: '0'.repeat(16) }],
    ['a parent that is no id', { parentSpanId: 'x' }],
    ['a parent that is a number', { parentSpanId: 7 }],
    ['itself as its parent', { parentSpanId: '00f067aa0ba902b7' }],
    ['no name', { name: '' }],
    ['a name that is no text', { name: {} }],
    ['kind SERVER', { kind: 2 }],
    ['kind CONSUMER', { kind: 5 }],
    ['a kind by name', { kind: 'SPAN_KIND_CLIENT' }],
    ['a kind of objects', { kind: 'constructor' }],
    ['no start', { startTimeUnixNano: undefined }],
    ['a start of 1970', { startTimeUnixNano: '1' }],
    ['a start two days ago', { startTimeUnixNano: AT(-2 * 86_400) }],
    ['an end in two days', { endTimeUnixNano: AT(2 * 86_400) }],
    ['an end before the start', { endTimeUnixNano: AT(-3) }],
    ['an end a nanosecond before the start', { startTimeUnixNano: AT(-1, 6) }],
    ['a negative time', { startTimeUnixNano: `-${AT(0)}` }],
    ['a time of 10,000 digits', { endTimeUnixNano: '1'.repeat(10_000) }],
    ['a time that is infinite', { endTimeUnixNano: Number.POSITIVE_INFINITY }],
  ])('rejects a span with %s', (_, other) => {
    expect(parse(other)).toBeUndefined();
  });

  test('accepts times as numbers', () => {
    expect(parse({ startTimeUnixNano: Number(AT(-2)) })?.startTime[0]).toBe(NOW - 2);
  });

  test('respects the sampled flag; a span without flags is sampled', () => {
    expect(parse({})?.traceFlags).toBe(1);
    expect(parse({ flags: 256 })?.traceFlags).toBe(0);
  });

  test.each([
    [{ key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } }],
    [{ key: 'map', value: { kvlistValue: { values: [] } } }],
    [{ key: 'bytes', value: { bytesValue: 'AA==' } }],
    [{ key: 'nan', value: { doubleValue: 'NaN' } }],
    [{ key: 'huge', value: { intValue: '9223372036854775807' } }],
    [{ key: 'digits', value: { intValue: '1'.repeat(100_000) } }],
    [{ key: 'none', value: {} }],
    [text('__proto__', 'polluted')],
    [text('line\nbreak', 'a')],
    [text('x'.repeat(101), 'a')],
    [text('', 'a')],
    ['text'],
    [null],
  ])('leaves out the attribute %j, and counts it', (attribute) => {
    const span = parse({ attributes: [text('a', 'b'), attribute] });
    expect(Object.entries(span?.attributes ?? {})).toEqual([['a', 'b']]);
    expect(span?.droppedAttributesCount).toBe(1);
  });

  test('reads up to 128 attributes and events', () => {
    const attributes = Array.from({ length: 200 }, (_, i) => text(`key${i}`, 'a'));
    const event = { name: 'a', timeUnixNano: AT(-1) };
    const span = parse({ attributes, events: Array.from({ length: 200 }, () => event) });
    expect(Object.keys(span?.attributes ?? {})).toHaveLength(128);
    expect(span).toMatchObject({ droppedAttributesCount: 72, droppedEventsCount: 72 });
    expect(span?.events).toHaveLength(128);
  });

  test('counts invalid events', () => {
    const events = [{ name: 'a', timeUnixNano: '7' }, { timeUnixNano: AT(0) }, 'a'];
    expect(parse({ events })).toMatchObject({ events: [], droppedEventsCount: 3 });
  });

  test('leaves no control character, no change of direction and no half of a character', () => {
    const hostile = '\x1b[2J\x9b31m\u202e\u2028\ud800 ✓\r\n\tat x';
    const clean = '\ufffd[2J\ufffd31m\ufffd\ufffd\ufffd ✓\ufffd\n\tat x';
    const span = parse({
      name: hostile,
      attributes: [text('a', hostile)],
      events: [{ name: hostile, timeUnixNano: AT(0) }],
      status: { code: 2, message: hostile },
    });
    expect(span).toMatchObject({
      name: clean,
      attributes: { a: clean },
      events: [{ name: clean }],
      status: { message: clean },
    });
  });

  test('cuts names to 255 characters, other texts to 4,096', () => {
    const long = 'x'.repeat(5_000);
    const span = parse({
      name: long,
      attributes: [text('a', long)],
      status: { code: 2, message: long },
    });
    expect(span?.name).toHaveLength(255);
    expect(span?.attributes.a).toHaveLength(4_096);
    expect(span?.status.message).toHaveLength(4_096);
  });
});
