import { printable } from 'opentelemetry-instrument-exporters';

/** What a line says: that it is well, that it is not, that it should be noticed, or nothing of it. */
export type Mark = 'ok' | 'bad' | 'note' | 'none';

const WIDTH = 80;
const MARKS: Readonly<Record<Mark, { sign: string; color: number }>> = {
  ok: { sign: '✓', color: 32 },
  bad: { sign: '✗', color: 31 },
  note: { sign: '!', color: 33 },
  none: { sign: ' ', color: 0 },
};

/** Text for a terminal 80 columns wide. */
export interface Page {
  heading(text: string): string;
  /** One entry of a list. What it says does not depend on its color. */
  item(mark: Mark, text: string): string;
  paragraph(text: string): string;
  /** Stands whole on a line of its own, to be copied. */
  url(url: string): string;
}

export function createPage(colors: boolean): Page {
  const paint = (code: number, text: string) =>
    colors && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    heading: (text) =>
      `\n${wrap(text, WIDTH)
        .map((line) => paint(1, line))
        .join('\n')}\n`,
    item(mark, text) {
      const { sign, color } = MARKS[mark];
      const [first = '', ...rest] = wrap(text, WIDTH - 4);
      return `${[`  ${paint(color, sign)} ${first}`, ...rest.map((line) => `    ${line}`)].join('\n')}\n`;
    },
    paragraph: (text) => `${wrap(text, WIDTH).join('\n')}\n`,
    url: (url) => `    ${printable(url)}\n`,
  };
}

/**
 * Breaks at blanks only: what is longer than a line, a URL, stays whole on one of its own. Control
 * characters, which a setting may hold, are blanks.
 */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[\p{Cc}\s]+/u)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line += line === '' ? word : ` ${word}`;
    }
  }
  return [...lines, line].map(printable);
}
