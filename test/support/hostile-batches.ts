import { browserBatch, browserSpan, text } from './browser-batch.ts';

const repeat = (count: number, item: unknown) => Array.from({ length: count }, () => item);
const spanWith = (other: Record<string, unknown>) => browserBatch(browserSpan(other));
const integer = (intValue: unknown) => ({ key: 'a', value: { intValue } });
const event = (attributes: unknown[] = []) => ({
  name: 'fetchStart',
  timeUnixNano: browserSpan().startTimeUnixNano,
  attributes,
});

/** Each has `count` of one thing. */
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

/** Returns the longest JSON text of up to 64 kB. */
function largest(make: (count: number) => unknown): string {
  let [low, high] = [1, 64 * 1024];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (Buffer.byteLength(JSON.stringify(make(middle))) <= 64 * 1024) low = middle;
    else high = middle - 1;
  }
  return JSON.stringify(make(low));
}

/** Bodies of up to 64 kB that are made to cost the server time. The names describe their contents. */
export const hostileBatches: readonly (readonly [name: string, body: string])[] = [
  ...batches.map(([name, make]) => [name, largest(make)] as const),
  ['a number', `{"resourceSpans":[],"a":${'1'.repeat(65_000)}}`],
  ['objects that lie deep', `${'{"a":'.repeat(9_000)}7${'}'.repeat(9_000)}`],
  ['lists that lie deep', `{"resourceSpans":[${'['.repeat(30_000)}${']'.repeat(30_000)}]}`],
  ['lists as deep as are read', `{"a":[${`${'['.repeat(98)}${']'.repeat(98)},`.repeat(300)}7]}`],
  ['lists without an end', '['.repeat(65_000)],
];
