import { describe, expect, test } from 'vitest';
import { enScript, type ScriptTexts } from '../../../../src/browser/texts/en.ts';
import { frScript } from '../../../../src/browser/texts/fr.ts';
import { hiScript } from '../../../../src/browser/texts/hi.ts';
import { LANGUAGES, type Language, TEXTS } from '../../../../src/http/texts/index.ts';
import { frenchBreaches, hindiBreaches } from '../../../support/typography.ts';

const SCRIPT_TEXTS: Record<Language, ScriptTexts> = { en: enScript, fr: frScript, hi: hiScript };
const languages = Object.keys(LANGUAGES) as Language[];
/** Counts whose forms differ in one of the languages. */
const COUNTS = [0, 1, 2, 5, 100];

/** Returns all texts below a part of a catalog. Functions are called with numbers and titles. */
function textsIn(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part === 'function') return [1, 2].flatMap((count) => textsIn(part(count, 3, 4)));
  return Object.values(part as object).flatMap(textsIn);
}

describe.each(languages)('the texts in %s', (language) => {
  const texts = [...textsIn(TEXTS[language]), ...textsIn(SCRIPT_TEXTS[language])];

  test(`${language} has no empty text and no markup`, () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => text.trim() === '' || /[<>&"]/.test(text))).toEqual([]);
  });

  test(`${language} has typographic apostrophes only`, () => {
    expect(texts.filter((text) => text.includes("'"))).toEqual([]);
  });
});

describe('plural forms', () => {
  test.each<[Language, string[]]>([
    ['en', ['0 tasks left', '1 task left', '2 tasks left', '5 tasks left', '100 tasks left']],
    [
      'fr',
      [
        '0 tâche restante',
        '1 tâche restante',
        '2 tâches restantes',
        '5 tâches restantes',
        '100 tâches restantes',
      ],
    ],
    ['hi', ['0 काम बाक़ी', '1 काम बाक़ी', '2 काम बाक़ी', '5 काम बाक़ी', '100 काम बाक़ी']],
  ])('tasks are counted in %s', (language, expected) => {
    expect(COUNTS.map(TEXTS[language].list.left)).toEqual(expected);
  });

  test.each<[Language, string[]]>([
    ['en', ['statements', 'statement', 'statements', 'statements', 'statements']],
    ['fr', ['requête SQL', 'requête SQL', 'requêtes SQL', 'requêtes SQL', 'requêtes SQL']],
    ['hi', ['statements', 'statement', 'statements', 'statements', 'statements']],
  ])('SQL statements are counted in %s', (language, expected) => {
    const forms = COUNTS.map((count) => TEXTS[language].trace.statements(count));
    expect(forms).toEqual(
      COUNTS.map((count, i) => expect.stringMatching(`^${count} (?:SQL )?${expected[i]}$`)),
    );
  });

  test.each<[Language, string[]]>([
    ['en', ['tasks', 'task', 'tasks', 'tasks', 'tasks']],
    ['fr', ['tâche', 'tâche', 'tâches', 'tâches', 'tâches']],
    ['hi', ['काम', 'काम', 'काम', 'काम', 'काम']],
  ])('the script counts tasks in %s', (language, expected) => {
    const forms = COUNTS.map((count) => SCRIPT_TEXTS[language].shown(count).split(' ')[1]);
    expect(forms).toEqual(expected);
  });
});

test.each<[Language, string, string, string]>([
  ['en', '1,234,567', '7.3 ms', '12 ms'],
  ['fr', '1\u202f234\u202f567', '7,3\u00a0ms', '12\u00a0ms'],
  ['hi', '12,34,567', '7.3 ms', '12 ms'],
])('numbers are written as in %s', (language, number, short, long) => {
  const { trace, number: format } = TEXTS[language];
  expect([format(7), format(0.5), format(1_234_567)]).toEqual([
    '7',
    language === 'fr' ? '0,5' : '0.5',
    number,
  ]);
  expect([trace.millis(7.26), trace.millis(12.4)]).toEqual([short, long]);
});

test('French has French typography', () => {
  expect([...textsIn(TEXTS.fr), ...textsIn(frScript)].flatMap(frenchBreaches)).toEqual([]);
});

test('Hindi is in Devanagari, with the typography of Hindi', () => {
  const texts = [...textsIn(TEXTS.hi), ...textsIn(hiScript)];
  expect(texts.flatMap(hindiBreaches)).toEqual([]);
  const devanagari = texts.filter((text) => /\p{Script=Devanagari}/u.test(text));
  expect(devanagari.length).toBeGreaterThan(texts.length * 0.8);
});
