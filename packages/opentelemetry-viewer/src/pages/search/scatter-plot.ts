import { serviceOf, type TraceSummary } from '../../store/index.ts';
import {
  esc,
  formatAxisTime,
  formatCount,
  formatMetricValue,
  formatMillis,
  formatTick,
} from '../page/index.ts';
import { serviceClass, spanMillis, spanStart, spanTitle } from '../spans/index.ts';

const WIDTH = 1_200;
const HEIGHT = 236;
/** Room for `100 ms` in the larger text of narrow screens. */
const LEFT = 76;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 160;
const COUNT_TOP = 182;
const COUNT_BOTTOM = 212;
const COLUMNS = 120;
/** Fewer dots are drawn larger, for an audience that is far away. */
const MANY_DOTS = 300;
/** Side of a square in which one dot of a color is drawn; a dot is 7 wide. */
const DOT_CELL = 6;

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

/**
 * Draws durations over time with a link for each trace, and the number of requests below.
 * @param legend HTML that names the colors
 */
export function renderScatterPlot(traces: readonly TraceSummary[], legend: string): string {
  if (traces.length === 0) return '';
  const scale = createPlotScale(traces);
  const { from, to, min, max, x, y } = scale;
  const ticks: string[] = [];
  for (let tick = min; tick <= max * 1.001; tick *= 10) {
    const at = y(tick).toFixed(1);
    ticks.push(
      `<path class="grid" d="M${LEFT} ${at}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${formatTick(tick)}</text>`,
    );
  }
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const time = from + (to - from) * share;
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text x="${x(time).toFixed(1)}" y="${HEIGHT - 7}" text-anchor="${anchor}">${formatAxisTime(time, to - from)}</text>`;
  });
  const errors = traces.filter(({ errorCount }) => errorCount > 0).length;
  const label = `${traces.length} traces by time and duration, ${errors} with errors`;
  return `<figure class="scatter"><div class="scroll" tabindex="0" role="group" aria-label="Plot"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" id="scatter" role="group" aria-label="${esc(label)}" data-from="${from}" data-to="${to}" data-min="${min}" data-max="${max}" data-box="${LEFT + 6} ${WIDTH - RIGHT - 6} ${TOP + 6} ${BOTTOM}">
${ticks.join('')}${renderCounts(traces, scale)}${times.join('')}
<g aria-hidden="true">${renderDots(traces, scale)}</g></svg></div>
<figcaption>${legend}<span>Dots: the longest matching span of each trace. Bars: their number. <span class="scripted">Drag to select.</span></span></figcaption></figure>`;
}

/** Draws dots of one color that would mostly hide each other as one. */
function renderDots(traces: readonly TraceSummary[], { x, y }: PlotScale): string {
  const dots = new Map<string, { trace: TraceSummary; at: string; style: string; more: number }>();
  for (const trace of traces) {
    const { match, errorCount } = trace;
    const [left, top] = [x(spanStart(match)), y(spanMillis(match))];
    const at = `cx="${Math.round(left)}" cy="${Math.round(top)}"`;
    const style = errorCount > 0 ? 'bad' : serviceClass(serviceOf(match));
    const key = `${Math.floor(left / DOT_CELL)} ${Math.floor(top / DOT_CELL)} ${style}`;
    const dot = dots.get(key);
    if (dot) dot.more += 1;
    else dots.set(key, { trace, at, style, more: 0 });
  }
  const radius = dots.size < MANY_DOTS ? 5 : 3.5;
  return [...dots.values()]
    .map(({ trace: { traceId, match }, at, style, more }) => {
      const others = more > 0 ? `, and ${formatCount(more, 'trace')} more` : '';
      const title = `${spanTitle(match)} ${formatMillis(spanMillis(match))}${others}`;
      return `<a href="/trace/${esc(traceId)}" tabindex="-1"><circle class="${style}" ${at} r="${style === 'bad' ? radius + 1 : radius}"><title>${esc(title)}</title></circle></a>`;
    })
    .join('');
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
  const scale = `<path class="grid" d="M${LEFT} ${COUNT_BOTTOM}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${COUNT_TOP}" dy="6" text-anchor="end">${formatMetricValue(highest)}</text>`;
  return `${scale}${bars.join('')}`;

  function bar(name: string, at: string, tall: number): string {
    return `<rect class="${name}" x="${at}" y="${(COUNT_BOTTOM - tall).toFixed(1)}" width="${(width - 1).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  }
}
