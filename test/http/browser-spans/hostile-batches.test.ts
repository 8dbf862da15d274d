import { HonoRequest } from 'hono/request';
import { expect, test } from 'vitest';
import { parseBatch } from '../../../src/http/browser-spans/parse-batch.ts';
import { readJsonBody } from '../../../src/http/read-json-body.ts';
import { browserBatch, browserSpan, text } from '../../support/browser-batch.ts';

const repeat = (count: number, item: unknown) => Array.from({ length: count }, () => item);
const spanWith = (other: Record<string, unknown>) => browserBatch(browserSpan(other));
const integer = (intValue: unknown) => ({ key: 'a', value: { intValue } });
const event = (attributes: unknown[] = []) => ({
  name: 'fetchStart',
  timeUnixNano: browserSpan().startTimeUnixNano,
  attributes,
});

/** Each with as many of something as the count says. */
const batches: [string, (count: number) => unknown][] = [
  ['resources', (count) => ({ resourceSpans: repeat(count, {}) })],
  ['scopes', (count) => ({ resourceSpans: [{ scopeSpans: repeat(count, {}) }] })],
  ['spans that are none', (count) => browserBatch(...repeat(count, {}))],
  ['small spans', (count) => browserBatch(...repeat(count, browserSpan()))],
  ['attributes', (count) => spanWith({ attributes: repeat(count, text('a', 'b')) })],
  ['attributes that are none', (count) => spanWith({ attributes: repeat(count, 0) })],
  ['events', (count) => spanWith({ events: repeat(count, event()) })],
  [
    'attributes of an event',
    (count) => spanWith({ events: [event(repeat(count, text('a', 'b')))] }),
  ],
  [
    'few fields',
    (count) =>
      spanWith(Object.fromEntries(repeat(Math.min(count, 7_900), 0).map((_, i) => [i, i]))),
  ],
  ['fields', (count) => spanWith(Object.fromEntries(repeat(count, 0).map((_, i) => [i, i])))],
  ['digits of a time', (count) => spanWith({ endTimeUnixNano: '1'.repeat(count) })],
  ['digits of an integer', (count) => spanWith({ attributes: [integer('1'.repeat(count))] })],
  ['zeros of an id', (count) => spanWith({ traceId: '0'.repeat(count) })],
  ['letters of a key', (count) => spanWith({ attributes: [text('a'.repeat(count), '')] })],
  ['beginnings of a URL', (count) => spanWith({ name: 'a://'.repeat(count) })],
  ['secrets', (count) => spanWith({ attributes: repeat(count, text('a', 'a://a?&sig=&sig=')) })],
  ['queries', (count) => spanWith({ attributes: [text('a', '?&sig='.repeat(count))] })],
  [
    'queries in long texts',
    (count) =>
      browserBatch(
        ...repeat(
          Math.ceil(count / 4_000),
          browserSpan({ attributes: [text('a', '?a#'.repeat(1_300))] }),
        ),
      ),
  ],
  [
    'control characters',
    (count) => spanWith({ attributes: repeat(count, text('a', '\x1b\u202e')) }),
  ],
];

/** The longest JSON text of up to 64 kB. */
function largest(make: (count: number) => unknown): string {
  let [low, high] = [1, 64 * 1024];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (JSON.stringify(make(middle)).length <= 64 * 1024) low = middle;
    else high = middle - 1;
  }
  return JSON.stringify(make(low));
}

/** Reads a body as the app does. @returns the milliseconds that it took */
async function readOnce(body: Uint8Array<ArrayBuffer>): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  const raw = new Request('http://localhost', { method: 'POST', headers, body });
  const request = new HonoRequest(raw);
  // What waits for the body is no part of it.
  await request.arrayBuffer();
  const startTime = performance.now();
  const read = await readJsonBody(request, ['application/json']);
  if (read.ok) parseBatch(read.value);
  return performance.now() - startTime;
}

/** The least of what many runs took, which no other program has had a part in. */
async function leastMillis(body: string): Promise<number> {
  const bytes = new TextEncoder().encode(body);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) least = Math.min(least, await readOnce(bytes));
  return least;
}

test.each(batches)('64 kB of %s are read, or refused, within 1 ms', async (_, make) => {
  expect(await leastMillis(largest(make))).toBeLessThan(1);
});

test.each([
  ['a number', `{"resourceSpans":[],"a":${'1'.repeat(65_000)}}`],
  ['objects that lie deep', `${'{"a":'.repeat(9_000)}7${'}'.repeat(9_000)}`],
  ['lists that lie deep', `{"resourceSpans":[${'['.repeat(30_000)}${']'.repeat(30_000)}]}`],
  ['as many lists as are read', `{"a":${'['.repeat(7_999)}${']'.repeat(7_999)}}`],
  ['lists without an end', '['.repeat(65_000)],
])('64 kB of %s are read, or refused, within 1 ms', async (_, body) => {
  expect(await leastMillis(body)).toBeLessThan(1);
});
