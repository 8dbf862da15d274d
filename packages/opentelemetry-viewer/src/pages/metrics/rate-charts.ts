import { esc, formatAxisTime, formatMetricValue, formatMillis, formatTick } from '../page/index.ts';
import { traceUrl } from '../trace/index.ts';
import type { RateInterval, RouteRates } from './request-rates.ts';

const WIDTH = 600;
const HEIGHT = 150;
/** Room for `500 ms` in the larger text of narrow screens. */
const LEFT = 72;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 126;

const PERCENTILES = [
  ['p50', 's0'],
  ['p95', 's4'],
  ['p99', 's6'],
] as const;

/** Draws requests per second and percentiles of their duration over time. Exemplars link to their traces. */
export function renderRateCharts(
  title: string,
  { intervals, exemplars }: Pick<RouteRates, 'intervals' | 'exemplars'>,
): string {
  const [first] = intervals;
  const last = intervals.at(-1);
  if (!first || !last) return '';
  const x = (time: number) =>
    LEFT + ((time - first.from) / (last.to - first.from)) * (WIDTH - LEFT - RIGHT);
  const times = [first.from, (first.from + last.to) / 2, last.to].map(
    (time, i) =>
      `<text x="${x(time).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${['start', 'middle', 'end'][i]}">${formatAxisTime(time, last.to - first.from)}</text>`,
  );
  return `<div class="charts">${renderRates(title, intervals, x, times.join(''))}${renderDurations(title, { intervals, exemplars }, x, times.join(''))}</div>`;
}

type Scale = (value: number) => number;

function renderRates(
  title: string,
  intervals: readonly RateInterval[],
  x: Scale,
  times: string,
): string {
  const perSecond = ({ from, to }: RateInterval, count: number) => (count * 1_000) / (to - from);
  const highest = Math.max(...intervals.map((each) => perSecond(each, each.count)));
  const { grid, y } = drawGrid(highest, formatMetricValue);
  const bars = intervals.map((each) => {
    const width = Math.max(1, x(each.to) - x(each.from) - 1).toFixed(1);
    const bar = (name: string, count: number) => {
      const top = y(perSecond(each, count));
      return `<rect class="${name}" x="${x(each.from).toFixed(1)}" y="${top.toFixed(1)}" width="${width}" height="${(BOTTOM - top).toFixed(1)}"/>`;
    };
    return `${bar('count', each.count)}${each.errors > 0 ? bar('count bad', each.errors) : ''}`;
  });
  return `<figure><figcaption><b>Requests per second</b> <i class="dot bad"></i>errors</figcaption><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Requests per second of ${esc(title)}, at most ${formatMetricValue(highest)}">${grid}${bars.join('')}${times}</svg></figure>`;
}

function renderDurations(
  title: string,
  { intervals, exemplars }: Pick<RouteRates, 'intervals' | 'exemplars'>,
  x: Scale,
  times: string,
): string {
  const highest = Math.max(...intervals.map(({ p99 }) => p99 ?? 0));
  const { grid, y } = drawGrid(highest, formatTick);
  const lines = PERCENTILES.map(([name, style]) => {
    let path = '';
    let dots = '';
    for (const [index, each] of intervals.entries()) {
      const value = each[name];
      if (value === undefined) continue;
      const at = `${x((each.from + each.to) / 2).toFixed(1)} ${y(value).toFixed(1)}`;
      const isDown = intervals[index - 1]?.[name] !== undefined;
      path += `${isDown ? 'L' : 'M'}${at}`;
      // A line needs two points.
      if (!isDown && intervals[index + 1]?.[name] === undefined) dots += `M${at}h.1`;
    }
    const marks = dots && `<path class="dots ${style}" d="${dots}"/>`;
    return `<path class="curve ${style}" d="${path}"/>${marks}`;
  });
  const [first] = intervals;
  const from = first?.from ?? 0;
  const links = exemplars
    .filter(({ time }) => time >= from)
    .map(({ time, millis, traceId, spanId }) => {
      const label = `Trace of a request that took ${formatMillis(millis)}`;
      return `<a href="${esc(traceUrl(traceId, {}, { span: spanId }))}" aria-label="${label}"><circle class="exemplar" cx="${Math.min(x(time), WIDTH - RIGHT).toFixed(1)}" cy="${y(millis).toFixed(1)}" r="4"><title>${label}</title></circle></a>`;
    });
  const legend = PERCENTILES.map(([name, style]) => `<i class="dot ${style}"></i>${name} `);
  return `<figure><figcaption><b>Duration</b> ${legend.join('')}${links.length > 0 ? '· dots are single requests' : ''}</figcaption><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="${links.length > 0 ? 'group' : 'img'}" aria-label="Duration of ${esc(title)}, 99th percentile at most ${formatMillis(highest)}">${grid}${lines.join('')}${links.join('')}${times}</svg></figure>`;
}

/** Draws three horizontal lines, the uppermost at a round number of at least `highest`. */
function drawGrid(highest: number, format: (value: number) => string) {
  const power = 10 ** Math.floor(Math.log10(highest || 1));
  const top = ([1, 2, 5, 10].find((step) => step * power >= highest) ?? 10) * power;
  const y: Scale = (value) => BOTTOM - (Math.min(value, top) / top) * (BOTTOM - TOP);
  const lines = [0, top / 2, top].map(
    (value) =>
      `<path class="grid" d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${y(value).toFixed(1)}" dy="4" text-anchor="end">${esc(value === 0 ? '0' : format(value))}</text>`,
  );
  return { grid: lines.join(''), y };
}
