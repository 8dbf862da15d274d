import { describe, expect, test } from 'vitest';
import { readFolder } from '../support/repository-files.ts';
import { languageBreaches } from './language-rules.ts';

/** All folders with TypeScript. */
const FOLDERS = [
  'bench',
  'docs',
  'examples',
  'exporters',
  'packages',
  'release',
  'runtimes',
  'src',
  'test',
];

test.each(FOLDERS)('the wording in %s/ follows the rules of CONTRIBUTING.md', (folder) => {
  const files = readFolder(folder).filter(({ path }) => !path.endsWith('.generated.ts'));
  expect(files.flatMap(languageBreaches)).toEqual([]);
});

const long = Array(26).fill('word').join(' ');

describe('languageBreaches()', () => {
  test.each([
    ['a comment with a forbidden word', '// Kept for ever.', '"for ever": forever'],
    [
      'a message with a forbidden word',
      "const a = 'in place of one';",
      '"in place of": instead of',
    ],
    ['a template with a forbidden word', 'const a = `One in place of two`;', 'instead of'],
    ['a negation by "no"', '// It is no path.', '"is no path": is not a'],
    [
      'a comment that starts without a subject',
      '/** What it is. */\nconst a = 1;',
      '"What it is. "',
    ],
    ['a comment of a function without a verb', '/** The sum. */\nfunction a() {}', 'needs a verb'],
    ['a comment of an arrow function without a verb', '/** A. */\nconst a = () => 1;', 'a verb'],
    ['a sentence of 26 words', `// ${long}.`, '26 words'],
    ['a sentence of 26 words on two lines', `// ${long.replace(' ', '\n// ')}.`, '26 words'],
    ['a time without a unit', 'const RETRY_DELAY = 1_000;', 'RETRY_DELAY has no unit'],
  ])('catches %s', (_, text, expected) => {
    expect(languageBreaches({ path: 'src/a.ts', text })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test.each([
    "describe('a', () => { test('of a kind', () => {}); });",
    "it.each([1])('with %s', () => {});",
    "test.skipIf(true)('when it rains', () => {});",
  ])('catches a test name that does not stand alone: %s', (text) => {
    expect(languageBreaches({ path: 'test/a.test.ts', text })).toEqual([
      expect.stringContaining('does not stand alone'),
    ]);
  });

  test.each([
    '// There is no port. It is no longer used. `is no path`, "for ever".',
    '/** Returns the sum. */\nexport function a() {}',
    '/** The sum. */\nconst a = 1;',
    '/** Reads `a`. @throws Error */\nexport const a = () => 1;',
    `// One sentence of ${'word '.repeat(20)}.\n// Another of ${'word '.repeat(20)}.`,
    'const RETRY_DELAY_MS = 1_000; const MAX_AGE_SECONDS = 60;',
    "const name = 'nobody';",
  ])('allows %s', (text) => {
    expect(languageBreaches({ path: 'src/a.ts', text })).toEqual([]);
  });

  test('allows test names that name their subject', () => {
    const text = "test('parse() returns the value when it is valid', () => {});";
    expect(languageBreaches({ path: 'test/a.test.ts', text })).toEqual([]);
  });
});
