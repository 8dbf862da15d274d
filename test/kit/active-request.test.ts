import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import {
  type ActiveRequest,
  activeRequest,
  setActiveRequest,
} from '../../packages/hono-opentelemetry/src/active-request.ts';

const ONE = createContextKey('one');
const TWO = createContextKey('two');
const request: ActiveRequest = {
  c: undefined,
  connection: undefined,
  mountPath: '/',
  stats: undefined,
};

test.each<[name: string, change: (from: Context) => Context]>([
  ['a value', (from) => from.setValue(ONE, 1)],
  ['a value that is set again', (from) => from.setValue(ONE, 1).setValue(ONE, 2)],
  ['alternating values', (from) => from.setValue(ONE, 1).setValue(TWO, 2).setValue(ONE, 3)],
  ['undefined', (from) => from.setValue(ONE, 1).setValue(ONE, undefined)],
  ['a deleted value', (from) => from.setValue(ONE, 1).setValue(TWO, 2).deleteValue(ONE)],
  ['an absent value', (from) => from.setValue(ONE, 1).deleteValue(TWO)],
])('the context of a request has the values of others: %s', (_name, change) => {
  const expected = change(ROOT_CONTEXT);
  const actual = change(setActiveRequest(ROOT_CONTEXT, request));
  const read = (from: Context) => [ONE, TWO].map((key) => from.getValue(key));
  expect(read(actual)).toEqual(read(expected));
  expect(activeRequest(actual)).toBe(request);
});

test('the context of a request stays as short as it is, however often values alternate', () => {
  let nested = setActiveRequest(ROOT_CONTEXT, request);
  for (let i = 0; i < 100_000; i += 1) {
    nested = setActiveRequest(nested.setValue(ONE, i).setValue(TWO, i), request);
  }
  expect(nested.getValue(createContextKey('absent'))).toBeUndefined();
  expect(activeRequest(nested)).toBe(request);
});
