import { printable, wrapWords } from 'opentelemetry-instrument-exporters';

/** Severity of a line: success, failure, notice, or none. */
export type LineMark = 'ok' | 'bad' | 'note' | 'none';

const WIDTH = 80;
const MARKS: Readonly<Record<LineMark, { sign: string; color: number }>> = {
  ok: { sign: '✓', color: 32 },
  bad: { sign: '✗', color: 31 },
  note: { sign: '!', color: 33 },
  none: { sign: ' ', color: 0 },
};

/** Formats text for a terminal 80 columns wide. */
export interface ReportPage {
  heading(text: string): string;
  /** Formats an entry of a list. Its meaning does not depend on its color. */
  item(mark: LineMark, text: string): string;
  paragraph(text: string): string;
  /** Puts a URL on a separate line, so that it can be copied. */
  url(url: string): string;
}

export function createPage(colors: boolean): ReportPage {
  const paint = (code: number, text: string) =>
    colors && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    heading: (text) =>
      `\n${wrapWords(text, WIDTH)
        .map((line) => paint(1, line))
        .join('\n')}\n`,
    item(mark, text) {
      const { sign, color } = MARKS[mark];
      const [first = '', ...rest] = wrapWords(text, WIDTH - 4);
      return `${[`  ${paint(color, sign)} ${first}`, ...rest.map((line) => `    ${line}`)].join('\n')}\n`;
    },
    paragraph: (text) => `${wrapWords(text, WIDTH).join('\n')}\n`,
    url: (url) => `    ${printable(url)}\n`,
  };
}
