import { marked, type Token } from 'marked';

/** One slide: what the audience sees, and what the speaker says. */
export interface Slide {
  readonly title: string;
  /** Index of its heading in the page. Its text depends on the language. */
  readonly section: number;
  /** A chapter begins with a slide that has a title only. */
  readonly isChapter: boolean;
  readonly content: readonly Token[];
  readonly notes: readonly Token[];
}

/** Lines of code and other units of height that fit on a slide. */
const MAX_HEIGHT = 18;
const MAX_CODE_LINES = 15;
/** Lines between the middle of long code and the place where it is split. */
const MAX_DISTANCE = 5;
const DRAWING_HEIGHT = 10;
/** A screenshot has a slide for itself. */
const SCREENSHOT_HEIGHT = MAX_HEIGHT;
/** Characters of a list item on one line. */
const LINE_LENGTH = 80;
/** A question comes before its solution, which is for the speaker alone. */
const SOLUTION = /^<details>/;
/** A paragraph that names the file of the block below it. */
const FILE_NAME = /^`([\w.-]+)`$/;

/**
 * Makes slides of a page. Headings, lists, tables, pictures, code and questions are on the slides, other paragraphs in
 * the notes. Long sections and long blocks continue on the next slide.
 */
export function splitSlides(page: string): Slide[] {
  const slides: { -readonly [Key in keyof Slide]: Slide[Key] }[] = [];
  let title = '';
  let section = -1;
  let height = 0;
  let file = '';

  function addSlide(isChapter = false): void {
    slides.push({ title, section, isChapter, content: [], notes: [] });
    height = 0;
  }
  function show(token: Token, needed: number): void {
    const current = slides.at(-1);
    const isFull = height > 0 && height + needed > MAX_HEIGHT;
    if (current === undefined || current.isChapter || isFull) addSlide();
    height += needed;
    const slide = slides.at(-1);
    if (slide !== undefined) slide.content = [...slide.content, token];
  }
  function showQuestion(): void {
    const slide = slides.at(-1);
    const [question, ...notes] = slide?.notes ?? [];
    if (slide === undefined || question === undefined) return;
    slide.content = [question, ...slide.content];
    slide.notes = notes;
  }

  for (const token of marked.lexer(page)) {
    if (token.type === 'heading') {
      title = token.text;
      section++;
      addSlide(token.depth === 1);
    } else if (token.type === 'code') {
      // The stage does not need the versions of dependencies.
      if (file !== 'package.json') {
        for (const part of splitCode(token.text)) {
          show({ ...token, text: part, file }, part.split('\n').length + 2);
        }
      }
      file = '';
    } else if (token.type === 'list') show(token, heightOfList(token.items));
    else if (token.type === 'table') show(token, token.rows.length + 2);
    else if (token.type === 'html' && /<(?:img|picture)\b/.test(token.text)) {
      show(token, token.text.includes('.svg') ? DRAWING_HEIGHT : SCREENSHOT_HEIGHT);
    } else if (token.type === 'html' && SOLUTION.test(token.text)) showQuestion();
    else if (token.type === 'paragraph') {
      const [, name] = FILE_NAME.exec(token.text) ?? [];
      const slide = slides.at(-1);
      if (name !== undefined) file = name;
      else if (slide !== undefined) slide.notes = [...slide.notes, token];
    }
  }
  // A section of paragraphs alone shows its first one.
  return slides.map((slide) => {
    const [first, ...others] = slide.notes;
    const isEmpty = slide.content.length === 0 && !slide.isChapter;
    return first === undefined || !isEmpty ? slide : { ...slide, content: [first], notes: others };
  });
}

function heightOfList(items: readonly { readonly text: string }[]): number {
  const lines = items.map(({ text }) => Math.ceil(text.length / LINE_LENGTH));
  return lines.reduce((sum, each) => sum + each * 1.3, 0);
}

/** Splits long code after a blank line, or before a line that is not indented, near the middle. */
function splitCode(code: string): string[] {
  const lines = code.split('\n');
  if (lines.length <= MAX_CODE_LINES) return [code];
  const size = Math.ceil(lines.length / Math.ceil(lines.length / MAX_CODE_LINES));
  const ends = Array.from(
    { length: 2 * MAX_DISTANCE },
    (_, i) => size + (i % 2 ? -1 : 1) * (i >> 1),
  ).filter((end) => end <= MAX_CODE_LINES);
  const end =
    ends.find((i) => /^[ +-]?…?$/.test(lines[i - 1] ?? '')) ??
    ends.find((i) => /^[ +-]?[\w<]/.test(lines[i] ?? '')) ??
    size;
  return [lines.slice(0, end).join('\n'), ...splitCode(lines.slice(end).join('\n'))];
}
