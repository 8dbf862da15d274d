import type { MetricSeries, MetricStore } from '../../store/index.ts';
import {
  attr,
  esc,
  formatCount,
  formatMetricValue,
  formatMillis,
  renderLayout,
  shorten,
} from '../page/index.ts';
import { searchUrl } from '../search/index.ts';
import { serviceClass } from '../spans/index.ts';
import { traceUrl } from '../trace/index.ts';
import { bucketsBetween, estimatePercentile, increase } from './percentile.ts';
import { renderRateCharts } from './rate-charts.ts';
import { type RouteRates, rateAll, rateRoutes, routeName } from './request-rates.ts';
import { renderSparkline } from './sparkline.ts';

const REQUEST_DURATION = 'http.server.request.duration';
const MAX_SERIES = 500;

const GROUPS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Delivery of telemetry', /^otel\./],
  ['Runtime and process', /^(?:process|nodejs|v8js|jvm|go|dotnet|cpython|system|deno|bun)\./],
  ['HTTP', /^http\./],
  ['Databases', /^db\./],
  ['Other', /^/],
];

/** The route whose charts are shown; those of all routes without one. */
export interface MetricsView {
  readonly service: string;
  readonly route: string;
}

export function renderMetricsPage(metrics: MetricStore, selected: MetricsView): string {
  const all = metrics.find();
  const { series, points, droppedSeries } = metrics.stats();
  const requests = metrics.find(REQUEST_DURATION);
  const routes = rateRoutes(requests);
  const rest = all.filter(({ name }) => name !== REQUEST_DURATION).slice(0, MAX_SERIES);
  const groups = Map.groupBy(rest, ({ name }) => GROUPS.find(([, re]) => re.test(name))?.[0]);
  const dropped =
    droppedSeries > 0 ? ` · ${formatCount(droppedSeries, 'series', 'series')} dropped` : '';
  const main = `<h1 class="unseen">Metrics</h1><div id="results"><div class="bar"><p id="total" role="status"><strong>${formatCount(series, 'time series', 'time series')}</strong> · ${formatCount(points, 'point')}${dropped}</p><p class="actions"><button type="button" id="pause" class="scripted" aria-pressed="false">Pause</button></p></div>
${all.length === 0 ? '<div class="empty"><p>No metrics have arrived.</p><p>Most programs export them every 60 seconds; <code>OTEL_METRIC_EXPORT_INTERVAL=5000</code> is faster.</p></div>' : ''}
${routes.length > 0 ? renderRoutes(requests, routes, selected) : ''}
${GROUPS.map(([title]) => renderGroup(title, groups.get(title) ?? [])).join('')}</div>`;
  return renderLayout({ title: 'Metrics', section: 'metrics', main, live: 'all' });
}

function renderRoutes(
  requests: readonly MetricSeries[],
  routes: readonly RouteRates[],
  selected: MetricsView,
): string {
  const shown = requests.filter(
    ({ service, attributes }) =>
      service === selected.service && routeName(attributes) === selected.route,
  );
  const title = shown.length > 0 ? selected.route : 'all routes';
  const rates = rateAll(shown.length > 0 ? shown : requests);
  const rows = routes.map((route) => {
    const { service, count, errors, perSecond, p50, p95, p99, intervals } = route;
    const isSelected = service === selected.service && route.route === selected.route;
    const url = isSelected
      ? '/metrics'
      : `/metrics?${new URLSearchParams({ service, route: route.route })}`;
    // The spans of requests without a route are named after the method alone.
    const traces = searchUrl({ service, operation: route.route.replace(/ \(no route\)$/, '') });
    const millis = (value: number | undefined) => (value === undefined ? '–' : formatMillis(value));
    return `<tr${attr('class', isSelected && 'selected')}><td class="name"><i class="dot ${serviceClass(service)}"></i>${esc(service)} <a href="${esc(url)}"${attr('aria-current', isSelected && 'true')}>${esc(route.route)}</a></td><td class="num"><a href="${esc(traces)}" aria-label="${formatMetricValue(count)} requests: traces of ${esc(route.route)}">${formatMetricValue(count)}</a></td><td class="num">${formatMetricValue(perSecond)}</td><td class="num"><span${attr('class', errors > 0 && 'bad')}>${formatMetricValue(errors)}</span></td><td class="num">${millis(p50)}</td><td class="num">${millis(p95)}</td><td class="num">${millis(p99)}</td><td class="wide">${renderSparkline(
      intervals.map((interval) => interval.count),
      `Requests of ${route.route} over time`,
    )}</td><td class="wide">${renderSparkline(
      intervals.map((interval) => interval.p95),
      `95th percentile of ${route.route} over time`,
    )}</td></tr>`;
  });
  const reset = shown.length > 0 ? ' <a href="/metrics">Show all routes</a>' : '';
  return `<section><h2>Requests of ${esc(title)}${reset}</h2>${renderRateCharts(title, rates)}</section><section><h2>Requests by route</h2><div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="routes"><thead><tr><th scope="col">Route</th><th scope="col" class="num">Count</th><th scope="col" class="num">Per second</th><th scope="col" class="num">Errors</th><th scope="col" class="num">p50</th><th scope="col" class="num">p95</th><th scope="col" class="num">p99</th><th scope="col" class="wide">Requests</th><th scope="col" class="wide">p95</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function renderGroup(title: string, series: readonly MetricSeries[]): string {
  if (series.length === 0) return '';
  const rows = series.map((each) => {
    const { service, name, unit, attributes, description, exemplars } = each;
    const exemplar = exemplars.at(-1);
    const link = exemplar
      ? ` <a href="${esc(traceUrl(exemplar.traceId, {}, { span: exemplar.spanId }))}">trace ${esc(exemplar.traceId.slice(0, 8))}</a>`
      : '';
    const text = Object.entries(attributes)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    return `<tr><td class="name"><i class="dot ${serviceClass(service)}"></i><span${attr('title', description || undefined)}>${esc(name)}</span> <small>${esc(shorten(text, 300))}</small>${link}</td><td class="num">${renderValue(each)}</td><td>${esc(unit)}</td><td class="wide">${renderSparkline(seriesOverTime(each), `${name} over time`)}</td></tr>`;
  });
  return `<details open><summary>${title} (${series.length})</summary><div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="series"><thead><tr><th scope="col">Series</th><th scope="col" class="num">Latest</th><th scope="col">Unit</th><th scope="col" class="wide">Over time</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}

/** Formats the latest value; the count and two percentiles of a histogram. */
function renderValue({ points, kind }: MetricSeries): string {
  const last = points.at(-1);
  if (!last) return '–';
  if (kind === 'gauge' || kind === 'sum') return formatMetricValue(last.value);
  const buckets = bucketsBetween(undefined, last);
  const [p50, p95] = [0.5, 0.95].map((quantile) => estimatePercentile(buckets, quantile));
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

/** Returns the values of a gauge, or the increases of a cumulative series. */
function seriesOverTime({ points, kind, isMonotonic }: MetricSeries): readonly number[] {
  if (kind === 'gauge' || (kind === 'sum' && !isMonotonic)) return points.map(({ value }) => value);
  return points.slice(1).map((point, index) => increase(points[index], point));
}
