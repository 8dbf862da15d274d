// Light and dark, as the reader's system asks for. The same colors are readable in both on the slides.
const STYLE = `
text { font: 15px system-ui, 'Noto Sans', 'Noto Sans Devanagari', sans-serif; fill: #1f2328 }
.title { font-weight: 600 } .small { font-size: 13px; fill: #59636e }
.code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px }
.middle { text-anchor: middle } .end { text-anchor: end }
.box { fill: #f6f8fa; stroke: #818b98 } .line { stroke: #59636e; stroke-width: 1.5; fill: none }
.page { fill: #8250df } .server { fill: #0969da } .database { fill: #1a7f37 } .alarm { fill: #cf222e; stroke: none }
.curve { stroke: #0969da; stroke-width: 2; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .small { fill: #9198a1 } .box { fill: #151b23; stroke: #656c76 } .line { stroke: #9198a1 }
.page { fill: #ab7df8 } .server { fill: #4493f8 } .database { fill: #3fb950 } .alarm { fill: #f85149 }
.curve { stroke: #4493f8 } }`;

/** Returns a drawing with a description for screen readers, in light and dark. */
export function drawing(
  [width, height]: readonly [number, number],
  title: string,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(title)}</title>
<style>${STYLE}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="line" d="M1 1 7 4 1 7"/></marker></defs>
${parts.join('\n')}
</svg>
`;
}

export function text(x: number, y: number, content: string, look = ''): string {
  return `<text x="${x}" y="${y}"${look && ` class="${look}"`}>${escapeXml(content)}</text>`;
}

export function box(x: number, y: number, width: number, height: number): string {
  return `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
}

/** Returns parts that are drawn with another origin. */
export function moved(x: number, y: number, parts: readonly string[]): string {
  return `<g transform="translate(${x} ${y})">\n${parts.join('\n')}\n</g>`;
}

/** Returns a box with a title and smaller lines in its middle. */
export function labeledBox(
  [x, y, width, height]: readonly [number, number, number, number],
  title: string,
  lines: readonly string[] = [],
): string {
  const middle = x + width / 2;
  const top = y + height / 2 - lines.length * 10 + 5;
  return [
    box(x, y, width, height),
    text(middle, top, title, 'title middle'),
    ...lines.map((line, i) => text(middle, top + 20 * (i + 1), line, 'small middle')),
  ].join('\n');
}

export function bar(x: number, y: number, width: number, look: string): string {
  return `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="14" rx="3"/>`;
}

export function arrow(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="line" marker-end="url(#head)" d="M${x1} ${y1} ${x2} ${y2}"/>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
