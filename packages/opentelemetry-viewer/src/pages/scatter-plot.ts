import type { TraceSummary } from '../store/trace-store.ts';
import { formatClock, formatMillis } from './format.ts';
import { esc } from './html.ts';
import { spanMillis, spanStart, spanTitle } from './span-facts.ts';

const WIDTH = 1_200;
const HEIGHT = 190;
const LEFT = 62;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 150;
const COUNT_TOP = 156;
const COUNT_BOTTOM = 174;
const COLUMNS = 120;

/** Scales of a plot: linear time, logarithmic duration. */
export interface PlotScale {
  readonly from: number;
  readonly to: number;
  readonly min: number;
  readonly max: number;
  x(time: number): number;
  y(millis: number): number;
}

export function createPlotScale(traces: readonly TraceSummary[]): PlotScale {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [min, max] = [Number.POSITIVE_INFINITY, 0];
  for (const { match } of traces) {
    const time = spanStart(match);
    const millis = Math.max(0.001, spanMillis(match));
    from = Math.min(from, time);
    to = Math.max(to, time);
    min = Math.min(min, millis);
    max = Math.max(max, millis);
  }
  if (to - from < 1_000) [from, to] = [from - 500, to + 500];
  // Whole decades, so that the ticks are 1, 10, 100 ms.
  min = 10 ** Math.floor(Math.log10(min));
  max = Math.max(min * 10, 10 ** Math.ceil(Math.log10(max)));
  const decades = Math.log10(max / min);
  return {
    from,
    to,
    min,
    max,
    x: (time) => LEFT + 6 + ((time - from) / (to - from)) * (WIDTH - LEFT - RIGHT - 12),
    y: (millis) =>
      BOTTOM - (Math.log10(Math.max(millis, min) / min) / decades) * (BOTTOM - TOP - 6),
  };
}

/** Draws durations over time with a link for each trace, and the number of requests below. */
export function renderScatterPlot(traces: readonly TraceSummary[]): string {
  if (traces.length === 0) return '';
  const scale = createPlotScale(traces);
  const { from, to, min, max, x, y } = scale;
  const ticks: string[] = [];
  for (let tick = min; tick <= max * 1.001; tick *= 10) {
    const at = y(tick).toFixed(1);
    ticks.push(
      `<path class="grid" d="M${LEFT} ${at}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${esc(shortMillis(tick))}</text>`,
    );
  }
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const time = from + (to - from) * share;
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text x="${x(time).toFixed(1)}" y="${HEIGHT - 2}" text-anchor="${anchor}">${formatClock(time, 'seconds')}</text>`;
  });
  const errors = traces.filter(({ errorCount }) => errorCount > 0).length;
  const label = `${traces.length} traces by time and duration, ${errors} with errors`;
  return `<figure class="scatter"><div class="scroll" tabindex="0" role="group" aria-label="Plot"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" id="scatter" role="group" aria-label="${esc(label)}" data-from="${from}" data-to="${to}" data-min="${min}" data-max="${max}" data-box="${LEFT + 6} ${WIDTH - RIGHT - 6} ${TOP + 6} ${BOTTOM}">
${ticks.join('')}${renderCounts(traces, scale)}${times.join('')}
<g aria-hidden="true">${traces.map((trace) => renderDot(trace, scale)).join('')}</g></svg></div>
<figcaption>Each dot is the longest matching span of a trace, by start and duration (logarithmic); the bars below count requests. <span class="scripted">Drag to select.</span></figcaption></figure>`;
}

function renderDot({ traceId, match, errorCount }: TraceSummary, { x, y }: PlotScale): string {
  const millis = spanMillis(match);
  const style = errorCount > 0 ? ' class="bad"' : '';
  const title = `${spanTitle(match)} ${formatMillis(millis)}`;
  return `<a href="/trace/${esc(traceId)}" tabindex="-1"><circle${style} cx="${x(spanStart(match)).toFixed(1)}" cy="${y(millis).toFixed(1)}" r="${errorCount > 0 ? 4.5 : 3.5}"><title>${esc(title)}</title></circle></a>`;
}

/** Counts requests and errors in equal intervals. */
function renderCounts(traces: readonly TraceSummary[], { from, to, x }: PlotScale): string {
  const counts = new Uint32Array(COLUMNS);
  const errors = new Uint32Array(COLUMNS);
  for (const { match, errorCount } of traces) {
    const share = (spanStart(match) - from) / (to - from);
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(share * COLUMNS)));
    counts[column] = (counts[column] ?? 0) + 1;
    if (errorCount > 0) errors[column] = (errors[column] ?? 0) + 1;
  }
  const highest = Math.max(1, ...counts);
  const width = (x(to) - x(from)) / COLUMNS;
  const height = COUNT_BOTTOM - COUNT_TOP;
  const bars: string[] = [];
  for (const [column, count] of counts.entries()) {
    if (count === 0) continue;
    const at = (x(from) + column * width).toFixed(1);
    const tall = Math.max(2, (count / highest) * height);
    const bad = ((errors[column] ?? 0) / count) * tall;
    bars.push(bar('count', at, tall));
    if (bad > 0) bars.push(bar('count bad', at, bad));
  }
  return bars.join('');

  function bar(name: string, at: string, tall: number): string {
    return `<rect class="${name}" x="${at}" y="${(COUNT_BOTTOM - tall).toFixed(1)}" width="${(width - 1).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  }
}

function shortMillis(millis: number): string {
  if (millis >= 1_000) return `${millis / 1_000} s`;
  return millis >= 0.999 ? `${Math.round(millis)} ms` : `${Number((millis * 1_000).toFixed(3))} µs`;
}
