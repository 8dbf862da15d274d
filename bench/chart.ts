import { overheadOf } from './overhead.ts';
import type { Results, RuntimeResults } from './results.ts';

const WIDTH = 760;
const BAR = 20;
const NAMES = 230;
const NUMBERS = 60;
const TITLE = 34;

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.plain { fill: #8b949e; }
.ours { fill: #2f6fde; }
.peer { fill: #d9822b; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }`;

/** Draws the processor time as bars in an SVG document, in percent of plain, one block for each runtime. */
export function renderChart(results: Results): string {
  let y = 24;
  let body = `<text x="0" y="16">Processor time per request that telemetry adds, in percent of the app without it</text>`;
  const scale = (WIDTH - NAMES - NUMBERS) / Math.max(1, ...Object.values(results).flatMap(costs));
  for (const [runtime, result] of Object.entries(results)) {
    body += `\n<text class="title" x="0" y="${y + TITLE - 12}">${runtime} ${result.version}</text>`;
    y += TITLE;
    for (const [name, cost] of overPlain(result)) {
      const length = Math.max(1, cost * scale);
      const kind = /^(?:plain|ours)/.exec(name)?.[0] ?? 'peer';
      body +=
        `\n<text x="0" y="${y + 14}">${escapeText(name)}</text>` +
        `<rect class="${kind}" x="${NAMES}" y="${y + 2}" width="${length.toFixed(1)}" height="${BAR - 5}" rx="2"/>` +
        `<text x="${(NAMES + length + 6).toFixed(1)}" y="${y + 14}">${cost.toFixed(0)} %</text>`;
      y += BAR;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" role="img">
<title>Cost of telemetry per request</title>
<style>${STYLE}
</style>
${body}
</svg>
`;
}

function costs(result: RuntimeResults): number[] {
  return overPlain(result).map(([, cost]) => cost);
}

/** Variants that only the tables show: the app itself, and the slow collector, which is about losses. */
const HIDDEN = /^(?!.*(?:alone|no SDK|OpenTelemetry's|^@|sdk-node|Deno))|slow collector/;

/** Returns the cost of saturated servers, in percent of plain. */
function overPlain({ variants }: RuntimeResults): [name: string, percent: number][] {
  return Object.keys(variants).flatMap((name) => {
    const percent = 100 * overheadOf(name, variants).ofPlain;
    return name === 'plain' || HIDDEN.test(name) || Number.isNaN(percent) ? [] : [[name, percent]];
  });
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
