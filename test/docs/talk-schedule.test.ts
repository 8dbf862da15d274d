import type { Token } from 'marked';
import { describe, expect, test } from 'vitest';
import {
  chapters,
  inLanguage,
  type Language,
  languages,
  readText,
} from '../../docs/talk/languages.ts';
import { lengths, type Part, readSchedule } from '../../docs/talk/schedule.ts';
import { splitSlides } from '../../docs/talk/split-slides.ts';

const WORDS_PER_MINUTE = 130;
const CHARACTERS_PER_MINUTE = 240;
/** Sections whose programs are typed live. Those of other sections are copied. */
const TYPED = {
  20: /^300: 1[35]0/,
  45: /^300: 1[1-8]0/,
};

/** The slides of a language, each with the name of its section in English. */
const slidesOf = new Map(
  languages.map((language) => {
    const slides = chapters.flatMap((chapter) => {
      const names = new Map(
        splitSlides(readText(chapter)).map(({ section, title }) => [section, title]),
      );
      return splitSlides(readText(inLanguage(chapter, language))).map((slide) => ({
        ...slide,
        name: `${/\d+/.exec(chapter)}: ${names.get(slide.section)}`,
      }));
    });
    return [language, slides] as const;
  }),
);

describe.each(lengths)('the talk of %s minutes', (length) => {
  const partsIn = (language: Language) =>
    readSchedule(language).filter((part) => part.length === length);

  test(`${length} minutes are covered without gaps, in the order of the chapters`, () => {
    const times = partsIn('en').flatMap(({ minutes }) => minutes.split('–').map(Number));
    expect(times[0]).toBe(0);
    expect(times.at(-1)).toBe(Number(length));
    for (let i = 1; i + 1 < times.length; i += 2) expect(times[i]).toBe(times[i + 1]);
    const names = slidesOf.get('en')?.map(({ name }) => name);
    const positions = partsIn('en').flatMap(({ sections }) =>
      sections.map((name) => names?.indexOf(name) ?? -1),
    );
    expect(positions).not.toContain(-1);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });

  test.each(languages)(
    `${length} minutes are enough for what is said and typed in %s`,
    (language) => {
      const parts = partsIn(language);
      expect(parts.map(({ minutes }) => minutes)).toEqual(
        partsIn('en').map(({ minutes }) => minutes),
      );
      for (const part of parts) {
        const [from = 0, to = 0] = part.minutes.split('–').map(Number);
        expect(minutesOf(part, language)).toBeGreaterThan(0);
        expect(minutesOf(part, language)).toBeLessThan(to - from);
      }
    },
  );
});

test('docs/talk/README.md names the minutes of what is said and typed in the short talk', () => {
  const minutes = languages.map((language) =>
    readSchedule(language)
      .filter(({ length }) => length === '20')
      .reduce((sum, part) => sum + minutesOf(part, language), 0),
  );
  const range = [Math.min(...minutes), Math.max(...minutes)].map(Math.round).join(' to ');
  expect(readText('docs/talk/README.md')).toContain(`takes ${range} minutes`);
});

function minutesOf({ length, sections }: Part, language: Language): number {
  const shown = slidesOf.get(language)?.filter(({ name }) => sections.includes(name)) ?? [];
  const words = shown.flatMap(({ content, notes }) =>
    [...content, ...notes]
      .filter(({ type }) => /^(?:paragraph|list)$/.test(type))
      .flatMap(({ raw }) =>
        raw
          .replaceAll(/\]\(.*?\)/g, ']')
          .trim()
          .split(/\s+/),
      ),
  );
  const typed = shown.flatMap(({ name, content }) =>
    content.map((token) => typedText(token, TYPED[length].test(name))),
  );
  return words.length / WORDS_PER_MINUTE + typed.join('').length / CHARACTERS_PER_MINUTE;
}

/** Returns the commands of a block, and if it is typed, the lines of a program that are new. */
function typedText(token: Token, isTyped: boolean): string {
  if (token.type !== 'code' || token.lang === 'text') return '';
  if (token.lang === 'sh') return token.text;
  if (!isTyped) return '';
  if (token.lang !== 'diff') return token.text;
  return (token.text.match(/^\+.*$/gm) ?? []).join('\n');
}
