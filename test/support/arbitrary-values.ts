import type { AnyValue } from '@opentelemetry/api-logs';
import fc from 'fast-check';

// A length needs one byte more from 128 and from 16,384; the message around it a little earlier.
const lengths = fc.oneof(
  { weight: 20, arbitrary: fc.nat(200) },
  { weight: 4, arbitrary: fc.constantFrom(127, 128, 16_383, 16_384) },
  { weight: 1, arbitrary: fc.integer({ min: 16_300, max: 17_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 70_000 }) },
);

// Surrogates without their other half, too.
const codeUnits = fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff }));

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.array(codeUnits).map((codes) => String.fromCharCode(...codes)),
  fc
    .tuple(fc.constantFrom('a', '\x7f', '\x80', 'é', '€', '🎉', '\ud83d'), lengths)
    .map(([character, length]) => character.repeat(length)),
);

const edges = [7, 14, 21, 28, 31, 32, 35, 42, 49, 53, 56, 62, 63, 64].flatMap((bits) =>
  [-1, 0, 1].flatMap((more) => [2 ** bits + more, more - 2 ** bits]),
);

export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.double({ min: -(2 ** 65), max: 2 ** 65, noNaN: true }).map(Math.round),
  fc.constantFrom(...edges, -0, Number.NaN, Infinity, -Infinity),
);

/** A value of a log record, by its type. */
export const anyValue: fc.Arbitrary<AnyValue> = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyText,
    anyNumber,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array(),
    lengths.map((length) => new Uint8Array(length).fill(7)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 5 }),
  ),
})).value;

export const anyAttributes: fc.Arbitrary<{ [key: string]: AnyValue }> = fc.dictionary(
  anyText,
  anyValue,
  { maxKeys: 8 },
);
