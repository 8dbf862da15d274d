import { printable } from './printable.ts';

// Accented letters, punctuation and the box drawing of the tree, all one cell wide.
const NARROW = /^[ -~\u00a1-\u024f\u2010-\u2027\u2500-\u257f\u2717]*$/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}]+$/u;
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6])|\ufe0f/u;

/** Returns the width of a printable string in terminal cells. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** Cuts a printable string to at most `width` cells, of which the last is an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let cut = '';
  let room = width - 1;
  for (const { segment } of graphemes(text)) {
    room -= graphemeWidth(segment);
    if (room < 0) break;
    cut += segment;
  }
  return `${cut}…`;
}

let segmenter: Intl.Segmenter | undefined;

/** Creates the segmenter on first use: it takes 20 ms on Node, and most programs never need it. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/**
 * Returns the lines of a text of words.
 *
 * Lines break at spaces only: a word longer than a line, such as a URL, gets a separate line. Control
 * characters count as spaces.
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[\p{Cc}\s]+/u).map(printable)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line += line === '' ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
