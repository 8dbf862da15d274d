import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';
import { cutText, textWidth } from './text.ts';

/** SGR parameters (ECMA-48) by their appearance. */
const SGR = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  cyan: '36',
  boldRed: '1;31',
} as const;

export type Style = keyof typeof SGR;

/** A piece of a line. Its text may contain any character: unprintable ones are escaped. */
export interface Segment {
  readonly text: string;
  readonly style?: Style | undefined;
  /** Replaces the text when the line is too long. */
  readonly short?: string | undefined;
  /** Shortened first when the line is too long, so that the segments after it stay visible. */
  readonly shrinks?: boolean;
}

/** Formats segments as one line that ends in a newline and is never wider than the terminal. */
export function formatLine(segments: readonly Segment[], { color, columns }: Terminal): string {
  let texts = segments.map((segment) => printable(segment.text));
  if (columns !== undefined && sumWidths(texts) > columns) {
    texts = segments.map(({ text, short = text }) => printable(short));
    shorten(texts, segments, columns);
  }
  let line = '';
  for (const [i, text] of texts.entries()) {
    const style = segments[i]?.style;
    line += color && style && text ? `\x1b[${SGR[style]}m${text}\x1b[0m` : text;
  }
  return `${line}\n`;
}

/** Returns the width of a line without abbreviations. */
export function lineWidth(segments: readonly Segment[]): number {
  return sumWidths(segments.map(({ text }) => printable(text)));
}

function sumWidths(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + textWidth(text), 0);
}

const SHORTEST = 12;

function shorten(texts: string[], segments: readonly Segment[], columns: number) {
  const widths = texts.map(textWidth);
  let excess = widths.reduce((sum, width) => sum + width, -columns);
  if (excess <= 0) return;
  const flexible = segments.findIndex((segment) => segment.shrinks);
  const width = widths[flexible];
  if (width !== undefined && width > SHORTEST) {
    const target = Math.max(SHORTEST, width - excess);
    texts[flexible] = cutText(texts[flexible] ?? '', target);
    excess -= width - target;
  }
  for (let i = texts.length - 1; i >= 0 && excess > 0; i--) {
    const own = textWidth(texts[i] ?? '');
    // The segment in which the line ends gets the ellipsis; those after it are dropped.
    texts[i] = own > excess ? cutText(texts[i] ?? '', own - excess) : '';
    excess -= own;
  }
}
