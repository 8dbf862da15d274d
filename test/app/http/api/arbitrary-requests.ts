import fc from 'fast-check';
import { anyText } from '../../../support/arbitrary-values.ts';
import type { Operation } from '../../../support/open-api.ts';

/** A request generated from the document: valid, invalid or arbitrary. */
export interface ArbitraryRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** Placeholder in a URL for the id of an existing task. */
export const EXISTING_ID = 'EXISTING_ID';

const hostileText = fc.constantFrom(
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '\u202Egnp.exe',
  '\u200b',
  '\ufeff',
  '👩‍👩‍👧‍👦',
  '💚'.repeat(500),
  '💚'.repeat(501),
  `  ${'x'.repeat(500)}\t`,
  'x'.repeat(501),
  "'; drop table tasks; --",
  '" or 1=1 --',
  '<script>alert(1)</script>',
  '\r\nSet-Cookie: a=b',
  '__proto__',
  '[object Object]',
);

const title = fc.oneof(hostileText, anyText, fc.lorem());

const anyJson = fc.oneof(
  title,
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<unknown>(null, [], {}, ['a'], { a: 1 }, 2 ** 53, -(2 ** 53), 1.5, -0),
);

/** Each member is right more often than not, or else whole bodies hardly ever would be. */
const members = fc.record(
  {
    title: fc.oneof({ weight: 4, arbitrary: title }, anyJson),
    completed: fc.oneof({ weight: 4, arbitrary: fc.boolean() }, anyJson),
    order: fc.oneof({ weight: 4, arbitrary: fc.maxSafeInteger() }, anyJson),
    id: anyJson,
    url: anyJson,
  },
  { requiredKeys: [] },
);

const text = fc.oneof(
  { weight: 12, arbitrary: members.map((value) => JSON.stringify(value)) },
  anyJson.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '',
    '{',
    '{"title":"a"',
    'NaN',
    '{"title":"a","order":NaN}',
    '{"title":"a","order":1e400}',
    '{"title":"a","order":-0}',
    '{"title":"a","order":1.0}',
    '{"title":"a","title":5}',
    '{"title":5,"title":"b"}',
    '{"title":"a","__proto__":{"completed":true}}',
    '{"__proto__":{"title":"a"}}',
    '{"constructor":{"prototype":{"title":"a"}}}',
    '\ufeff{"title":"a"}',
    `${'['.repeat(20_000)}`,
    `{"title":"${'x'.repeat(70_000)}"}`,
  ),
);

const body = fc.oneof(
  { weight: 8, arbitrary: text },
  fc.uint8Array({ maxLength: 20 }),
  fc.constant(new Uint8Array([0x22, 0xc3, 0x28, 0x22])),
);

const id = fc.oneof(
  { weight: 6, arbitrary: fc.constant(EXISTING_ID) },
  fc.constantFrom('0', '-1', '01', '1.0', '1e3', 'NaN', '9007199254740991', '9007199254740992'),
  fc.constantFrom('9'.repeat(400), '__proto__', "1' or '1'='1", '1;drop table tasks', '%00', '%zz'),
  hostileText.map((each) => encodeURIComponent(each.toWellFormed())).filter((each) => each !== ''),
);

const tag = fc.constantFrom('"1"', '"2"', 'W/"1"', '*', '"1", "2"', '1', '', '"', ',,', '"9"');

const headers = fc.record(
  {
    Accept: fc.constantFrom(
      'application/json',
      '*/*',
      'application/*;q=0.1',
      'text/html',
      'application/json;q=0, */*',
      'application/problem+json',
      ';;,q=',
    ),
    'If-Match': tag,
    'If-None-Match': tag,
    'Content-Encoding': fc.constantFrom('identity', 'gzip'),
    Origin: fc.constantFrom('http://localhost', 'http://evil.example', 'null'),
  },
  { requiredKeys: [] },
);

/** Most requests have few headers, so that the others are looked at as well. */
const fewHeaders = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, headers);

/** Makes requests to one operation. */
export function arbitraryRequest(operation: Operation): fc.Arbitrary<ArbitraryRequest> {
  const { method, path, queryNames, bodyTypes } = operation;
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('completed', ...queryNames) },
    fc.constantFrom('__proto__', 'constructor', 'toString', 'q', ''),
  );
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('true', 'false', '1', '2', '1000') },
    fc.constantFrom('0', '-1', '1001', '1e2', 'NaN', '9'.repeat(400), 'MTAuMQ', 'MS4x', 'TRUE'),
    hostileText.map((each) => each.toWellFormed()),
  );
  const pair = fc.tuple(name, value).map((both) => both.map(encodeURIComponent).join('='));
  const query = fc.oneof(fc.constant([]), fc.array(pair, { minLength: 1, maxLength: 3 }));
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('application/json', ...bodyTypes) },
    fc.constantFrom(
      'application/json; charset=utf-8',
      'Application/JSON ;charset="UTF-8"',
      'application/json; charset=latin1',
      'application/jsonp',
      'text/plain',
      'multipart/form-data',
      '',
    ),
  );
  return fc
    .record({ id, query, type, headers: fewHeaders, body })
    .map(({ id, query, type, headers, body }) => {
      const search = query.join('&');
      const takesBody = bodyTypes.length > 0;
      return {
        url: `http://localhost${path.replace('{id}', id)}${search && `?${search}`}`,
        method,
        headers: { ...headers, ...(takesBody && { 'Content-Type': type }) },
        body: takesBody ? body : undefined,
      };
    });
}
