import type { RawHeader } from '../support/raw-connection.ts';
import { type ConformanceCase, type Exchange, parentId, traceId } from './conformance-case.ts';

const parent: RawHeader = ['traceparent', `00-${traceId}-${parentId}-00`];

/** Creates an exchange with a valid parent and these lines of tracestate headers. */
function withState(lines: readonly string[], expected: Partial<Exchange>): Exchange {
  const state = lines.map((line): RawHeader => ['tracestate', line]);
  return { headers: [parent, ...state], trace: 'continued', ...expected };
}

function members(from: number, to: number): string {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return numbers
    .map((n) => String(n).padStart(2, '0'))
    .map((n) => `bar${n}=${n}`)
    .join(',');
}

const lowerCase = 'abcdefghijklmnopqrstuvwxyz';
const keyCharacters = `${lowerCase}0123456789_-*/`;
/** All printable ASCII but comma and equals sign. */
const valueCharacters = Array.from({ length: 0x7f - 0x20 }, (_, index) =>
  String.fromCharCode(0x20 + index),
)
  .filter((character) => !',='.includes(character))
  .join('');

const foo = { foo: '1' };
const fooBar = { foo: '1', bar: '2' };
const fooBarBaz = { ...fooBar, baz: '3' };

function keptKey(key: string): Exchange {
  return withState(['foo=1', `${key}=1`], { state: { foo: '1', [key]: '1' } });
}

/** Cases in which the harness sends `tracestate`, at its strict level 2, as of June 2026. */
export const tracestateCases: readonly ConformanceCase[] = [
  {
    name: 'test_tracestate_included_traceparent_missing',
    exchanges: ['foo=1', 'foo=1,bar=2'].map((value) => ({
      headers: [['tracestate', value]],
      trace: 'new',
      size: 0,
    })),
  },
  {
    name: 'test_tracestate_included_traceparent_included',
    exchanges: [withState(['foo=1,bar=2'], { state: fooBar })],
  },
  {
    name: 'test_tracestate_header_name',
    exchanges: ['trace-state', 'trace.state'].map((name) => ({
      headers: [parent, [name, 'foo=1']],
      trace: 'continued',
      without: ['foo'],
    })),
  },
  {
    name: 'test_tracestate_header_name_valid_casing',
    exchanges: ['TraceState', 'TrAcEsTaTe', 'TRACESTATE'].map((name) => ({
      headers: [parent, [name, 'foo=1']],
      trace: 'continued',
      state: foo,
    })),
  },
  {
    name: 'test_tracestate_empty_header',
    exchanges: [
      withState([''], { size: 0 }),
      withState(['foo=1', ''], { state: foo }),
      withState(['', 'foo=1'], { state: foo }),
    ],
  },
  {
    name: 'test_tracestate_multiple_headers_different_keys',
    exchanges: [
      withState(['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], {
        state: { foo: '1', bar: '2', rojo: '1', congo: '2', baz: '3' },
      }),
    ],
  },
  {
    name: 'test_tracestate_duplicated_keys',
    exchanges: [
      withState(['foo=1,foo=1'], { state: foo }),
      withState(['foo=1', 'foo=1'], { state: foo }),
      withState(['foo=1,foo=2'], { state: { foo: ['1', '2'] } }),
      withState(['foo=1', 'foo=2'], { state: { foo: ['1', '2'] } }),
    ],
  },
  {
    name: 'test_tracestate_all_allowed_characters',
    exchanges: [keyCharacters, `${keyCharacters}@a-z0-9_-*/`].map((key) =>
      withState([`${key}=${valueCharacters}`], { state: { [key]: valueCharacters } }),
    ),
  },
  {
    name: 'test_tracestate_ows_handling',
    exchanges: [
      withState(['foo=1 \t , \t bar=2, \t baz=3'], { state: fooBarBaz }),
      withState(['foo=1\t \t,\t \tbar=2,\t \tbaz=3'], { state: fooBarBaz }),
      ...[' foo=1', '\tfoo=1', 'foo=1 ', 'foo=1\t', '\t foo=1 \t'].map((line) =>
        withState([line], { state: foo }),
      ),
    ],
  },
  {
    name: 'test_tracestate_key_illegal_characters',
    exchanges: ['foo ', 'FOO', 'foo.bar'].map((key) => withState([`${key}=1`], { without: [key] })),
  },
  {
    name: 'test_tracestate_key_illegal_vendor_format',
    exchanges: [
      ...['foo@', 'foo@@bar', 'foo@bar@baz'].map((key) =>
        withState([`${key}=1,bar=2`], { state: { [key]: '1', bar: '2' } }),
      ),
      withState(['@foo=1,bar=2'], { without: ['bar'] }),
    ],
  },
  {
    name: 'test_tracestate_member_count_limit',
    exchanges: [
      withState([members(1, 10), members(11, 20), members(21, 30), members(31, 32)], {
        state: { bar01: '01' },
        size: 32,
      }),
      withState([members(1, 10), members(11, 20), members(21, 30), members(31, 33)], {
        without: ['bar01'],
      }),
    ],
  },
  {
    name: 'test_tracestate_key_length_limit',
    exchanges: [
      keptKey('z'.repeat(256)),
      withState(['foo=1', `${'z'.repeat(257)}=1`], { without: ['foo'] }),
      keptKey(`${'t'.repeat(241)}@${'v'.repeat(14)}`),
      keptKey(`${'t'.repeat(242)}@v`),
      keptKey(`t@${'v'.repeat(15)}`),
    ],
  },
  {
    name: 'test_tracestate_value_illegal_characters',
    exchanges: [
      withState(['foo=bar=baz'], { without: ['foo'] }),
      withState(['foo=,bar=3'], { without: ['foo', 'bar'] }),
    ],
  },
];
