// Draws what a terminal showed as an SVG: `node docs/draw-terminal.ts <shown.txt >docs/tree.svg`,
// where shown.txt was made by `script -c 'npm start' shown.txt`.
import { stdin, stdout } from 'node:process';
import { text } from 'node:stream/consumers';

const CELL_WIDTH = 8;
const LINE_HEIGHT = 21;
const MARGIN = 20;

/** How text looks, by the parameters of the escape sequence before it. */
const STYLES: Readonly<Record<string, string>> = {
  '0': 'fill="#d1d7e0"',
  '1': 'fill="#ffffff" font-weight="bold"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff8a80"',
  '1;31': 'fill="#ff8a80" font-weight="bold"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
  '36': 'fill="#79c0ff"',
};

function drawLine(line: string, row: number): string {
  const y = MARGIN + LINE_HEIGHT * (row + 0.75);
  let column = 0;
  return `0m${line}`
    .split('\u001b[')
    .map((run) => {
      const end = run.indexOf('m');
      const shown = run.slice(end + 1);
      const word = shown.trim();
      const x = MARGIN + CELL_WIDTH * (column + shown.indexOf(word));
      column += shown.length;
      if (word === '') return '';
      const style = STYLES[run.slice(0, end)] ?? STYLES['0'];
      return `<text x="${x}" y="${y}" textLength="${CELL_WIDTH * word.length}" ${style}>${escapeXml(word)}</text>\n`;
    })
    .join('');
}

function escapeXml(shown: string): string {
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const lines = (await text(stdin))
  .split(/\r?\n/)
  .filter((line) => line !== '' && !line.startsWith('Script '));
const columns = Math.max(...lines.map((line) => line.replaceAll(/.\[[\d;]*m/g, '').length));
const width = columns * CELL_WIDTH + 2 * MARGIN;
const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">\n` +
    `<title>A terminal that shows requests as trees</title>\n<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n` +
    `${lines.map(drawLine).join('')}</svg>\n`,
);
