// Draws the output of a terminal as an SVG.

const COLUMNS = 110;
const CELL_WIDTH = 8;
const LINE_HEIGHT = 21;
const MARGIN = 20;

/** The look of a text, by the parameters of the escape sequence before it. */
const STYLES: Readonly<Record<string, string>> = {
  '0': 'fill="#d1d7e0"',
  '1': 'fill="#ffffff" font-weight="bold"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff8a80"',
  '1;31': 'fill="#ff8a80" font-weight="bold"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
  '34': 'fill="#539bf5"',
  '36': 'fill="#79c0ff"',
};

/** Returns an SVG of a terminal with these lines, which may contain colors. Long lines are cut, as in a terminal. */
export function drawTerminal(lines: readonly string[], title: string): string {
  const width = COLUMNS * CELL_WIDTH + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">\n` +
    `<title>${escapeXml(title)}</title>\n<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n` +
    `${lines.map(drawLine).join('')}</svg>\n`
  );
}

function drawLine(line: string, row: number): string {
  const y = MARGIN + LINE_HEIGHT * (row + 0.75);
  let column = 0;
  return `0m${line}`
    .split('\u001b[')
    .map((run) => {
      const end = run.indexOf('m');
      const shown = cut(run.slice(end + 1), COLUMNS - column);
      const word = shown.trim();
      const x = MARGIN + CELL_WIDTH * (column + shown.indexOf(word));
      column += shown.length;
      if (word === '') return '';
      const style = STYLES[run.slice(0, end)] ?? STYLES['0'];
      return `<text x="${x}" y="${y}" textLength="${CELL_WIDTH * word.length}" ${style}>${escapeXml(word)}</text>\n`;
    })
    .join('');
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(columns - 1, 0))}…`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
