import {
  baggageEntryMetadataFromString,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBaggagePropagator } from '../../../packages/opentelemetry-instrument/src/sdk/propagation/baggage-propagator.ts';
import { anyText } from '../../support/arbitrary-values.ts';
import { measureGrowth } from '../../support/measure-growth.ts';

const propagator = createBaggagePropagator();

function extract(baggage: string | string[]) {
  return propagator.extract(ROOT_CONTEXT, { baggage }, defaultTextMapGetter);
}

/** Keys, values and properties of a header. */
function read(header: string | string[]) {
  const entries = propagation.getBaggage(extract(header))?.getAllEntries() ?? [];
  return entries.map(([key, { value, metadata }]) => [key, value, metadata?.toString()]);
}

function inject(context: Parameters<typeof propagator.inject>[0]): string | undefined {
  const carrier: { baggage?: string } = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier.baggage;
}

describe('the propagator of baggage', () => {
  test.each([
    ['k=', [['k', '', undefined]]],
    ['k=;p', [['k', '', 'p']]],
    ['a=1,k=,b=2', ['a1', 'k', 'b2'].map(([key, value = '']) => [key, value, undefined])],
    [
      ' a = 1 , b = 2 ; p = 3 ; q',
      [
        ['a', '1', undefined],
        ['b', '2', 'p = 3 ; q'],
      ],
    ],
    ['a=b=c', [['a', 'b=c', undefined]]],
    ['a=DF%2028%C3%BC', [['a', 'DF 28ü', undefined]]],
    ['a=%ff%zz%', [['a', '\ufffd%zz%', undefined]]],
    ['a=1,a=2', [['a', '2', undefined]]],
    ['__proto__=1', [['__proto__', '1', undefined]]],
    ['a%20b=1', [['a b', '1', undefined]]],
    ['k,=v,;p=1,a b=1,%zz=1', []],
  ])('reads %s', (header, entries) => {
    expect(read(header)).toEqual(entries);
  });

  test('reads a header that came twice as one list', () => {
    expect(read(['a=1', 'b='])).toEqual([
      ['a', '1', undefined],
      ['b', '', undefined],
    ]);
  });

  test.each([
    'k=',
    'k=;p',
    'a=1,b=2;p=3;q',
    'a=b=c/d:e',
    `k=${'v'.repeat(5_000)},a=1`,
    'a=DF%2028%C3%BC',
  ])('passes on %s unchanged', (header) => {
    expect(inject(extract(header))).toBe(header);
  });

  test('can read everything that it writes, with any entries of an app', () => {
    fc.assert(
      fc.property(
        fc.dictionary(anyText, anyText, { maxKeys: 5 }),
        anyText,
        (values, properties) => {
          const metadata = baggageEntryMetadataFromString(properties);
          const entries = Object.entries(values).map(([key, value]) => [key, { value, metadata }]);
          const baggage = propagation.createBaggage(Object.fromEntries(entries));
          const header = inject(propagation.setBaggage(ROOT_CONTEXT, baggage)) ?? '';
          expect(header).toMatch(/^[\t -~]*$/);
          const expected = Object.entries(values).filter(([key]) => key !== '');
          const total = JSON.stringify(values).length * 12 + properties.length * 60;
          if (total > 8_192) return;
          // Keys that differ in lone surrogates only are the same key in a header.
          const wellFormed = new Map(
            expected.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
          );
          expect(read(header).map(([key, value]) => [key, value])).toEqual([...wellFormed]);
        },
      ),
      { examples: [[{ '\ud800': '', '\ud801': '' }, '']] },
    );
  });

  test('writes nothing without baggage or where tracing is suppressed', () => {
    expect(inject(ROOT_CONTEXT)).toBeUndefined();
    expect(inject(suppressTracing(extract('a=1')))).toBeUndefined();
  });

  test('reads hostile headers in linear time', async () => {
    for (const part of [' ', '%', '%a', ';', '=', ',', 'a=', '%41']) {
      const fill = (size: number) => part.repeat(size / part.length);
      for (const input of [fill, (size: number) => `a=${fill(size)}b`]) {
        expect(await measureGrowth(input, read), part).toMatchObject({ isLinear: true });
      }
    }
  });
});
