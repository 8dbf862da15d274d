import { expect, test } from 'vitest';
import { formatLine } from '../../exporters/terminal/line.ts';
import { printable, printableLines } from '../../exporters/terminal/printable.ts';
import { readTerminal } from '../../exporters/terminal/terminal.ts';
import { cutText, textWidth, wrapWords } from '../../exporters/terminal/text.ts';

test('printable() escapes characters that move the cursor, hide or reorder text', () => {
  expect(printable('a\r\n\t\x1b\x7f\x9b')).toBe('a\\r\\n\\t\\u001b\\u007f\\u009b');
  expect(printable('\u202eabc\u200b\u2028\ufeff')).toBe('\\u202eabc\\u200b\\u2028\\ufeff');
  expect(printable('\ud800 \u{e0041}')).toBe('\\ud800 \\udb40\\udc41');
});

test('printableLines() keeps line breaks, tabs and JSON unchanged', () => {
  expect(printableLines('a\n\tb\r\x1b\x9b')).toBe('a\n\tb\\r\\u001b\\u009b');
  const value = { 'k\x9b': 'a\x7f\u202e\u{e0041}\n' };
  const json = printableLines(JSON.stringify(value, undefined, 2));
  expect(json).not.toMatch(/[^\n\P{C}]/u);
  expect(JSON.parse(json)).toEqual(value);
});

test('printable() keeps letters, accents, wide characters and emoji', () => {
  for (const text of ['plain', 'Größe', 'e\u0301', '日本語', '👨‍👩‍👧 🇩🇪 ✗']) {
    expect(printable(text)).toBe(text);
  }
});

test('textWidth() counts cells: two for wide characters and emoji, none for accents', () => {
  expect(textWidth('abc ├─ …')).toBe(8);
  expect(textWidth('e\u0301')).toBe(1);
  expect(textWidth('日本語')).toBe(6);
  expect(textWidth('한글ｆ')).toBe(6);
  expect(textWidth('👨‍👩‍👧')).toBe(2);
});

test('cutText() never exceeds the width and never splits a character', () => {
  expect(cutText('abcdef', 6)).toBe('abcdef');
  expect(cutText('abcdef', 4)).toBe('abc…');
  expect(cutText('日本語', 4)).toBe('日…');
  expect(cutText('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…');
  expect(cutText('abc', 0)).toBe('');
});

const segments = [
  { text: 'GET /a/very/long/route', style: 'bold', shrinks: true },
  { text: ' 200', style: 'green' },
  { text: '  trace 0123456789' },
] as const;

test('formatLine() shortens the shrinkable segment before it cuts the end', () => {
  expect(formatLine(segments, { color: false, columns: 36 })).toBe(
    'GET /a/very/l… 200  trace 0123456789\n',
  );
  expect(formatLine(segments, { color: false, columns: 20 })).toBe('GET /a/very… 200  t…\n');
});

test('formatLine() is never wider than the terminal', () => {
  for (let columns = 1; columns < 50; columns++) {
    const line = formatLine(segments, { color: false, columns });
    expect(textWidth(line.trimEnd())).toBeLessThanOrEqual(columns);
  }
});

test('formatLine() colors each segment if the terminal supports color', () => {
  expect(formatLine(segments.slice(1), { color: true, columns: undefined })).toBe(
    '\x1b[32m 200\x1b[0m  trace 0123456789\n',
  );
});

test('readTerminal() returns color and width for terminals only', () => {
  const terminal = { isTTY: true, columns: 120 };
  expect(readTerminal(terminal, {})).toEqual({ color: true, columns: 120 });
  expect(readTerminal({ isTTY: true, columns: 0 }, {})).toEqual({ color: true, columns: 80 });
  expect(readTerminal({}, {})).toEqual({ color: false, columns: undefined });
  expect(readTerminal({ isTTY: false }, {})).toEqual({ color: false, columns: undefined });
});

test('readTerminal() supports NO_COLOR, FORCE_COLOR and TERM=dumb', () => {
  const terminal = { isTTY: true, columns: 80 };
  expect(readTerminal(terminal, { NO_COLOR: '1' }).color).toBe(false);
  expect(readTerminal(terminal, { NO_COLOR: '' }).color).toBe(true);
  expect(readTerminal(terminal, { TERM: 'dumb' }).color).toBe(false);
  expect(readTerminal({}, { FORCE_COLOR: '1' }).color).toBe(true);
  expect(readTerminal({}, { FORCE_COLOR: '1', NO_COLOR: '1' }).color).toBe(false);
});

test('wrapWords() breaks lines at spaces only and escapes unprintable characters', () => {
  const text = 'see https://collector.example/v1/traces\nor a\u202eb';
  expect(wrapWords(text, 8)).toEqual([
    'see',
    'https://collector.example/v1/traces',
    'or',
    'a\\u202eb',
  ]);
});
