import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNumberFormat } from '../../../../src/http/texts/number.ts';

test.each([
  ['en', '.'],
  ['fr', ','],
  ['hi', '.'],
])('numbers in the language %s are formatted as Intl formats them', (language, decimalMark) => {
  const format = createNumberFormat(language, decimalMark);
  const expected = (value: number, digits?: number) =>
    new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  // Hundredths: decimal and binary rounding to tenths differ for halves only.
  const value = fc.integer({ min: 0, max: 200_000 }).filter((n) => n % 10 !== 5);
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 0, 1), (hundredths, digits) => {
      const number = digits === undefined ? hundredths : hundredths / 100;
      fc.pre(digits !== 0 || hundredths % 100 !== 50);
      expect(format(number, digits)).toBe(expected(number, digits));
    }),
  );
});
