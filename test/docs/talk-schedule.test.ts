import type { Token } from 'marked';
import { describe, expect, test } from 'vitest';
import { chapters, languages, readText } from '../../docs/talk/languages.ts';
import { lengths, type Part, readSchedule } from '../../docs/talk/schedule.ts';
import { splitSlides } from '../../docs/talk/split-slides.ts';

const WORDS_PER_MINUTE = 130;
const CHARACTERS_PER_MINUTE = 240;
/** Sections whose programs are typed live. Those of other sections are copied. */
const TYPED = {
  20: /^300: 1[35]0/,
  45: /^300: 1[1-8]0/,
};

const slides = chapters.flatMap((chapter) =>
  splitSlides(readText(chapter)).map((slide) => ({
    ...slide,
    name: `${/\d+/.exec(chapter)}: ${slide.title}`,
  })),
);

describe.each(lengths)('the talk of %s minutes', (length) => {
  const parts = readSchedule('en').filter((part) => part.length === length);

  test(`${length} minutes are covered without gaps, in the order of the chapters`, () => {
    const times = parts.flatMap(({ minutes }) => minutes.split('–').map(Number));
    expect(times[0]).toBe(0);
    expect(times.at(-1)).toBe(Number(length));
    for (let i = 1; i + 1 < times.length; i += 2) expect(times[i]).toBe(times[i + 1]);
    const positions = parts.flatMap(({ sections }) =>
      sections.map((name) => slides.findIndex((slide) => slide.name === name)),
    );
    expect(positions).not.toContain(-1);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });

  test(`${length} minutes are divided equally in all languages`, () => {
    const minutes = languages.map((language) =>
      readSchedule(language).flatMap((part) => (part.length === length ? [part.minutes] : [])),
    );
    for (const each of minutes) expect(each).toEqual(minutes[0]);
  });

  test.each(parts)(`minutes $minutes of ${length} are enough to say and type it all`, (part) => {
    const [from = 0, to = 0] = part.minutes.split('–').map(Number);
    expect(minutesOf(part)).toBeGreaterThan(0);
    expect(minutesOf(part)).toBeLessThan(to - from);
  });
});

test('docs/talk/README.md names the minutes of saying and typing the short talk', () => {
  const parts = readSchedule('en').filter(({ length }) => length === '20');
  const minutes = parts.reduce((sum, part) => sum + minutesOf(part), 0);
  expect(readText('docs/talk/README.md')).toContain(`this takes ${Math.round(minutes)} minutes`);
});

function minutesOf({ length, sections }: Part): number {
  const shown = slides.filter(({ name }) => sections.includes(name));
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
