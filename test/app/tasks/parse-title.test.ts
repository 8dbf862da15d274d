import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_TITLE_LENGTH,
  parseTitle,
  TITLE_PATTERN,
  VISIBLE_PATTERN,
} from '../../../src/tasks/parse-title.ts';

describe('parseTitle()', () => {
  it('trims white space of every kind from both ends and keeps it inside', () => {
    expect(parseTitle(' \t\n\u00A0buy  milk\u3000\r\n')).toEqual({ ok: true, value: 'buy  milk' });
  });

  it('accepts 1 and 500 characters', () => {
    expect(parseTitle('x')).toEqual({ ok: true, value: 'x' });
    const longest = 'x'.repeat(MAX_TITLE_LENGTH);
    expect(parseTitle(` ${longest} `)).toEqual({ ok: true, value: longest });
  });

  it('rejects 501 characters and returns their number', () => {
    expect(parseTitle('x'.repeat(501))).toEqual({ ok: false, problem: 'long', length: 501 });
  });

  it('counts code points: an emoji outside the basic plane is one', () => {
    expect(parseTitle('🛒'.repeat(500))).toMatchObject({ ok: true });
    expect(parseTitle('🛒'.repeat(501))).toMatchObject({ ok: false });
  });

  it.each(['', '   ', '\n\t\u00A0'])('refuses %j as empty', (input) => {
    expect(parseTitle(input)).toMatchObject({ ok: false, problem: 'blank' });
  });

  it.each(['a\0b', '\0', 'milk\0'])('refuses %j for its NUL', (input) => {
    expect(parseTitle(input)).toMatchObject({ ok: false, problem: 'nul' });
  });

  it.each(['\ud800', 'a\udfffb', '\udc9a\ud83d'])('refuses %j for half of a character', (input) => {
    expect(parseTitle(input)).toMatchObject({ ok: false, problem: 'surrogate' });
  });

  it.each([undefined, null, 5, true, ['milk'], { title: 'milk' }])('refuses %j', (input) => {
    expect(parseTitle(input)).toMatchObject({ ok: false, problem: 'type' });
  });

  it('keeps markup, SQL and text of any direction as they are', () => {
    const title = `<script>"'); DROP TABLE tasks;-- \u202Ertl\u200B`;
    expect(parseTitle(title)).toEqual({ ok: true, value: title });
  });
});

describe('TITLE_PATTERN and VISIBLE_PATTERN', () => {
  const patterns = [TITLE_PATTERN, VISIBLE_PATTERN].map((pattern) => new RegExp(pattern, 'u'));
  const match = (title: string) => patterns.every((pattern) => pattern.test(title));

  it('match exactly the titles that parseTitle() accepts', () => {
    const units = fc.constantFrom('a', ' ', '\0', '\n', '\ufeff', '\u200b', '💚');
    const long = fc
      .tuple(fc.constantFrom('x', '💚'), fc.integer({ min: 498, max: 502 }))
      .map(([character, count]) => character.repeat(count));
    const text = fc.array(fc.oneof({ weight: 12, arbitrary: units }, long), { maxLength: 8 });
    fc.assert(
      fc.property(text, (parts) => {
        const title = parts.join('');
        expect(match(title)).toBe(parseTitle(title).ok);
      }),
      { numRuns: 2_000 },
    );
  });

  it('match the same characters as parseTitle()', () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (!character.isWellFormed() || (code > 0xffff && /\p{Cf}/u.test(character))) continue;
      if (match(character) !== parseTitle(character).ok) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it('use only syntax that engines of other languages support', () => {
    for (const pattern of [TITLE_PATTERN, VISIBLE_PATTERN]) {
      expect(() => new RegExp(pattern)).not.toThrow();
      // Hexadecimal escapes of two digits, no classes by name, no look-ahead, no empty class.
      expect(pattern.replaceAll(/\\x[\da-f]{2}/g, 'x')).not.toMatch(/\\|\(\?|\[\^?\]/);
    }
  });
});
