import type { MetricSeries, MetricStore } from '../store/metric-store.ts';
import { formatCount, formatMetricValue, formatMillis } from './format.ts';
import { attr, esc, shorten } from './html.ts';
import { renderLayout } from './layout.ts';
import { addBuckets, estimatePercentile, increase } from './percentile.ts';
import { type RouteRates, rateRoutes } from './request-rates.ts';
import { serviceClass } from './service-color.ts';
import { renderSparkline } from './sparkline.ts';
import { searchUrl } from './trace-filter.ts';

const REQUEST_DURATION = 'http.server.request.duration';
const MAX_SERIES = 500;

const GROUPS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Delivery of telemetry', /^otel\./],
  ['Runtime and process', /^(?:process|nodejs|v8js|jvm|go|dotnet|cpython|system|deno|bun)\./],
  ['HTTP', /^http\./],
  ['Databases', /^db\./],
  ['Other', /^/],
];

export function renderMetricsPage(metrics: MetricStore): string {
  const all = metrics.find();
  const { series, points, droppedSeries } = metrics.stats();
  const routes = rateRoutes(metrics.find(REQUEST_DURATION));
  const rest = all.filter(({ name }) => name !== REQUEST_DURATION).slice(0, MAX_SERIES);
  const groups = Map.groupBy(rest, ({ name }) => GROUPS.find(([, re]) => re.test(name))?.[0]);
  const dropped =
    droppedSeries > 0 ? ` · ${formatCount(droppedSeries, 'series', 'series')} dropped` : '';
  const main = `<h1 class="unseen">Metrics</h1><div id="results"><div class="bar"><p id="total" role="status"><strong>${formatCount(series, 'time series', 'time series')}</strong> · ${formatCount(points, 'point')}${dropped}</p><p class="actions"><button type="button" id="pause" class="scripted" aria-pressed="false">Pause</button></p></div>
${all.length === 0 ? '<div class="empty"><p>No metrics have arrived.</p><p>Most programs export them every 60 seconds; <code>OTEL_METRIC_EXPORT_INTERVAL=5000</code> is faster.</p></div>' : ''}
${routes.length > 0 ? renderRoutes(routes) : ''}
${GROUPS.map(([title]) => renderGroup(title, groups.get(title) ?? [])).join('')}</div>`;
  return renderLayout({ title: 'Metrics', section: 'metrics', main, live: 'all' });
}

function renderRoutes(routes: readonly RouteRates[]): string {
  const rows = routes.map((route) => {
    const { service, count, errors, perSecond, p50, p95, p99, intervals } = route;
    const url = searchUrl({ service, operation: route.route });
    const millis = (value: number | undefined) => (value === undefined ? '–' : formatMillis(value));
    return `<tr><td class="name"><i class="dot ${serviceClass(service)}"></i>${esc(service)} <a href="${esc(url)}">${esc(route.route)}</a></td><td class="num">${formatMetricValue(count)}</td><td class="num">${formatMetricValue(perSecond)}</td><td class="num"><span${attr('class', errors > 0 && 'bad')}>${formatMetricValue(errors)}</span></td><td class="num">${millis(p50)}</td><td class="num">${millis(p95)}</td><td class="num">${millis(p99)}</td><td class="wide">${renderSparkline(
      intervals.map((interval) => interval.count),
      `Requests of ${route.route} over time`,
    )}</td><td class="wide">${renderSparkline(
      intervals.map((interval) => interval.p95),
      `95th percentile of ${route.route} over time`,
    )}</td></tr>`;
  });
  return `<section><h2>Requests by route</h2><div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="routes"><thead><tr><th scope="col">Route</th><th scope="col" class="num">Count</th><th scope="col" class="num">Per second</th><th scope="col" class="num">Errors</th><th scope="col" class="num">p50</th><th scope="col" class="num">p95</th><th scope="col" class="num">p99</th><th scope="col" class="wide">Requests</th><th scope="col" class="wide">p95</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function renderGroup(title: string, series: readonly MetricSeries[]): string {
  if (series.length === 0) return '';
  const rows = series.map((each) => {
    const { service, name, unit, attributes, description } = each;
    const text = Object.entries(attributes)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    return `<tr><td class="name"><i class="dot ${serviceClass(service)}"></i><span${attr('title', description || undefined)}>${esc(name)}</span> <small>${esc(shorten(text, 300))}</small></td><td class="num">${renderValue(each)}</td><td>${esc(unit)}</td><td class="wide">${renderSparkline(seriesOverTime(each), `${name} over time`)}</td></tr>`;
  });
  return `<details open><summary>${title} (${series.length})</summary><div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="series"><thead><tr><th scope="col">Series</th><th scope="col" class="num">Latest</th><th scope="col">Unit</th><th scope="col" class="wide">Over time</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}

/** The latest value; of a histogram the count and two percentiles. */
function renderValue({ points, kind }: MetricSeries): string {
  const last = points.at(-1);
  if (!last) return '–';
  if (kind === 'gauge' || kind === 'sum') return formatMetricValue(last.value);
  const buckets = addBuckets([{ bounds: last.bounds ?? [], counts: last.counts ?? [] }]);
  const [p50, p95] = [0.5, 0.95].map(
    (quantile) => buckets && estimatePercentile(buckets, quantile),
  );
  const mean = last.sum !== undefined && last.value > 0 ? last.sum / last.value : undefined;
  const parts = [
    `n=${formatMetricValue(last.value)}`,
    p50 !== undefined && `p50=${precise(p50)}`,
    p95 !== undefined && `p95=${precise(p95)}`,
    p50 === undefined && mean !== undefined && `mean=${precise(mean)}`,
  ];
  return parts.filter(Boolean).join(' ');
}

function precise(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** The values of a gauge; the increases of everything cumulative. */
function seriesOverTime({ points, kind, isMonotonic }: MetricSeries): readonly number[] {
  if (kind === 'gauge' || (kind === 'sum' && !isMonotonic)) return points.map(({ value }) => value);
  return points.slice(1).map((point, index) => increase(points[index], point));
}
