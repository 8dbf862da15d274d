import { SpanKind } from '@opentelemetry/api';
import {
  serviceOf,
  type TraceSearchResult,
  type TraceStore,
  type TraceSummary,
} from '../../store/index.ts';
import {
  attr,
  esc,
  formatCount,
  formatIso,
  formatMetricValue,
  formatMillis,
  formatTime,
  type PageContent,
  renderLayout,
  shorten,
} from '../page/index.ts';
import {
  httpStatus,
  serviceClass,
  shortSubject,
  spanMillis,
  spanProblem,
  spanStart,
  spanTitle,
  sqlText,
} from '../spans/index.ts';
import { renderScatterPlot } from './scatter-plot.ts';
import { renderSearchForm } from './search-form.ts';
import {
  DEFAULT_TRACE_LIMIT,
  searchUrl,
  type TRACE_SORTS,
  type TraceFilter,
  toTraceQuery,
} from './trace-filter.ts';

const PLOTTED_TRACES = 2_000;
/** The endpoint that SDKs send to by default. */
const DEFAULT_OTLP_URL = 'http://localhost:4318';
const MAX_ROW_SERVICES = 3;
const MAX_SERVICE_LENGTH = 40;
const MAX_TITLE_LENGTH = 200;
const MAX_LEGEND_SERVICES = 8;

/** A search with its result: up to 2,000 traces to plot, of which the first are listed. */
export interface TraceList extends TraceSearchResult {
  readonly filter: TraceFilter;
  readonly problems: readonly string[];
  readonly isFiltered: boolean;
  readonly plotted: readonly TraceSummary[];
  readonly offset: number;
  readonly limit: number;
}

export function findTraceList(store: TraceStore, filter: TraceFilter): TraceList {
  const { query, problems, isFiltered } = toTraceQuery(filter, Date.now());
  const { limit = DEFAULT_TRACE_LIMIT, offset = 0 } = query;
  const { traces: plotted, total } = store.findTraces({
    ...query,
    limit: Math.max(limit, PLOTTED_TRACES),
  });
  const traces = plotted.slice(0, limit);
  return { filter, problems, isFiltered, plotted, traces, total, offset, limit };
}

/** Sources of a viewer's records, named by the page without traces. */
export interface RecordSources {
  /** URLs that receive OTLP. */
  readonly endpoints?: readonly { readonly name: string; readonly url: string }[] | undefined;
  /** URL of the program that the viewer is part of. */
  readonly programUrl?: string | undefined;
}

export function renderTraceListPage(
  list: TraceList,
  store: TraceStore,
  sources: RecordSources,
): string {
  const names = list.plotted.map(({ match }) => match.name);
  const content: PageContent = {
    title: list.filter.service ? `${list.filter.service} traces` : 'Traces',
    section: 'traces',
    main: `<h1 class="unseen">Traces</h1>${renderSearchForm(list.filter, store, names)}
<div id="results" aria-busy="false">${renderResults(list, store, sources)}</div>`,
    live: 'all',
  };
  return renderLayout(content);
}

function renderResults(list: TraceList, store: TraceStore, sources: RecordSources): string {
  const { total, problems, traces, plotted, filter, isFiltered } = list;
  const kept = store.stats().traces;
  const errors = plotted.filter(({ errorCount }) => errorCount > 0).length;
  const heading = isFiltered
    ? `${formatMetricValue(total)} of ${formatCount(kept, 'trace')} match`
    : formatCount(total, 'trace');
  const shown =
    plotted.length < total ? ` · newest ${formatMetricValue(plotted.length)} plotted` : '';
  const alert = problems.map((problem) => `<p class="problem">${esc(problem)}</p>`).join('');
  if (traces.length === 0) return `${alert}${renderEmpty(list, kept, sources)}`;
  return `${alert}<div class="bar"><p id="total" role="status"><strong>${heading}</strong> · ${errors === 0 ? 'no errors' : `<a href="${esc(searchUrl(filter, { status: 'error', offset: '' }))}">${formatCount(errors, 'error')}</a>`} · median ${formatMillis(median(plotted))}${shown}</p>
<p class="actions"><button type="button" id="pause" class="scripted" aria-pressed="false">Pause</button><a href="/save">Save all</a><a href="/open">Open file</a></p></div>
${renderScatterPlot(plotted, renderLegend(list))}
${renderTable(list)}${renderPager(list)}${KEYS}`;
}

/** Names the services whose spans match, with a link to those of each. */
function renderLegend({ plotted, filter }: TraceList): string {
  const counts = Map.groupBy(plotted, ({ match }) => serviceOf(match));
  const largest = [...counts].sort(([, a], [, b]) => b.length - a.length);
  // By name, so that a live page does not reorder them.
  const shown = largest.slice(0, MAX_LEGEND_SERVICES).sort(([a], [b]) => (a < b ? -1 : 1));
  const items = shown.map(([service, { length }]) => {
    const url = searchUrl(filter, { service, offset: '' });
    return `<li><i class="dot ${serviceClass(service)}"></i><a href="${esc(url)}">${esc(shorten(service, MAX_SERVICE_LENGTH))}</a> <small>${formatMetricValue(length)}</small></li>`;
  });
  return `<ul class="legend">${items.join('')}<li><i class="dot bad"></i>with an error</li></ul>`;
}

function renderEmpty({ isFiltered }: TraceList, kept: number, sources: RecordSources): string {
  if (isFiltered && kept > 0) {
    return `<div class="empty"><p>None of the ${formatCount(kept, 'trace')} match.</p><p><a href="/">Show all traces</a></p></div>`;
  }
  return `<div class="empty"><h2>Waiting for the first trace</h2>${renderSources(sources)}
<p><a href="">Refresh</a> · <a href="/open">Open a file</a></p></div>`;
}

function renderSources({ endpoints = [], programUrl }: RecordSources): string {
  const parts: string[] = [];
  if (programUrl) {
    parts.push(
      `<p>Use the program that this viewer is part of. Its requests appear here.</p><p><a class="primary" href="${esc(programUrl)}">Open ${esc(programUrl)}</a></p>`,
    );
  }
  const [http] = endpoints;
  if (http) {
    const hasDefault = http.url === DEFAULT_OTLP_URL;
    parts.push(
      `<p>Start a program with this variable${hasDefault ? ', or with the defaults of its SDK' : ''}:</p><p><code class="copy">OTEL_EXPORTER_OTLP_ENDPOINT=${esc(http.url)}</code></p>`,
    );
    parts.push(
      `<p><small>${endpoints.map(({ name, url }) => `${esc(name)} ${esc(url)}`).join(' · ')}</small></p>`,
    );
  }
  return parts.join('') || '<p>Its requests appear here when they end.</p>';
}

const KEYS =
  '<p class="keys scripted" aria-hidden="true"><kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open <kbd>/</kbd> search</p>';

type SortOrder = (typeof TRACE_SORTS)[number];

/** Renders the head of a column that sorts. A column with two orders alternates between them. */
function renderSortHead(filter: TraceFilter, text: string, orders: readonly SortOrder[]): string {
  const current = orders.find((order) => order === (filter.sort || 'newest'));
  const next = orders.find((order) => order !== current) ?? 'newest';
  const isAscending = current === 'oldest' || current === 'shortest';
  const url = searchUrl(filter, { sort: next === 'newest' ? '' : next, offset: '' });
  const direction = current && (isAscending ? 'ascending' : 'descending');
  return `<th scope="col"${attr('class', text !== 'Started' && 'num')}${attr('aria-sort', direction)}><a href="${esc(url)}">${text}</a></th>`;
}

function renderTable(list: TraceList): string {
  const { filter, traces, plotted } = list;
  const longest = Math.max(0.001, ...traces.map(({ match }) => spanMillis(match)));
  const slow = slowLimits(plotted);
  return `<table class="traces" id="traces"><thead><tr>${renderSortHead(filter, 'Started', ['newest', 'oldest'])}<th scope="col">Request</th><th scope="col">Status</th>${renderSortHead(filter, 'Duration', ['longest', 'shortest'])}<th scope="col" class="wide meter"><span class="unseen">Share of the longest</span></th>${renderSortHead(filter, 'Spans', ['most-spans'])}<th scope="col" class="num">SQL</th><th scope="col" class="num wide">Logs</th><th scope="col" class="wide">Services</th></tr></thead>
<tbody>${traces.map((trace) => renderRow(trace, longest, slow)).join('\n')}</tbody></table>`;
}

function renderRow(
  trace: TraceSummary,
  longest: number,
  slow: ReadonlyMap<string, number>,
): string {
  const { traceId, root, match, errorCount, spanCount, statementCount, logCount, services } = trace;
  const { orphanCount } = trace;
  const millis = spanMillis(match);
  const start = spanStart(match);
  const status = httpStatus(match) ?? httpStatus(root);
  const isSlow = millis > (slow.get(outlierKey(match)) ?? Number.POSITIVE_INFINITY);
  const problem = errorCount > 0 ? (spanProblem(match) ?? spanProblem(root)) : undefined;
  const runtime = match.resource.attributes['process.runtime.name'];
  // The origin in the URL of a client would only repeat itself from row to row.
  const subject = match.kind === SpanKind.CLIENT && !sqlText(match) ? '' : shortSubject(match);
  const rootName = serviceOf(root) === serviceOf(match) ? '' : `${serviceOf(root)} `;
  const within =
    match === root
      ? ''
      : `<small>in ${esc(shorten(rootName + spanTitle(root), MAX_TITLE_LENGTH))}</small>`;
  const orphans =
    orphanCount > 0
      ? `<span class="badge slow" title="Spans whose parent has not arrived">${formatCount(orphanCount, 'orphan')}</span>`
      : '';
  const badges = `${orphans}${isSlow ? '<span class="badge slow" title="More than three times the median of this operation">slow</span>' : ''}${errorCount > 0 ? `<span class="badge bad">${formatCount(errorCount, 'error')}</span>` : ''}`;
  return `<tr${attr('class', errorCount > 0 && 'failed')} id="t${esc(traceId)}"><td class="time"><time datetime="${formatIso(start)}">${formatTime(start)}</time></td>
<td class="name"><i class="dot ${serviceClass(serviceOf(match))}"></i><a href="/trace/${esc(traceId)}">${esc(shorten(spanTitle(match), MAX_TITLE_LENGTH))}</a> ${subject ? `<small>${esc(shorten(subject, 160))}</small> ` : ''}${within} ${badges}${problem ? ` <small class="bad">${esc(problem.slice(0, 200))}</small>` : ''}</td>
<td class="status ${status ? `h${esc(status[0])}` : ''}">${status ? esc(status) : ''}</td><td class="num">${formatMillis(millis)}</td>
<td class="wide meter"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="${errorCount > 0 ? 'bad' : serviceClass(serviceOf(match))}" width="${Math.max(0.5, (millis / longest) * 100).toFixed(1)}" height="8" rx="1"/></svg></td>
<td class="num">${formatMetricValue(spanCount)}</td><td class="num">${statementCount || ''}</td><td class="num wide">${logCount || ''}</td><td class="wide services">${renderServices(services)}${runtime ? ` <small>${esc(runtime)}</small>` : ''}</td></tr>`;
}

function renderServices(services: TraceSummary['services']): string {
  const shown = services
    .slice(0, MAX_ROW_SERVICES)
    .map(
      ({ name }) =>
        `<span><i class="dot ${serviceClass(name)}"></i>${esc(shorten(name, MAX_SERVICE_LENGTH))}</span>`,
    );
  const more = services.length - shown.length;
  return `${shown.join(' ')}${more > 0 ? ` <small>+${more}</small>` : ''}`;
}

function outlierKey(span: TraceSummary['match']): string {
  return `${serviceOf(span)}\n${span.name}`;
}

const OUTLIER_SAMPLE = 5;
const OUTLIER_FACTOR = 3;
/** A shorter request is not slow, however fast the others are. */
const MIN_OUTLIER_MS = 10;

/** Durations above which a trace of an operation is an outlier: three times the median, and 10 ms. */
function slowLimits(traces: readonly TraceSummary[]): Map<string, number> {
  const limits = new Map<string, number>();
  for (const [key, group] of Map.groupBy(traces, ({ match }) => outlierKey(match))) {
    if (group.length >= OUTLIER_SAMPLE)
      limits.set(key, Math.max(MIN_OUTLIER_MS, median(group) * OUTLIER_FACTOR));
  }
  return limits;
}

function median(traces: readonly TraceSummary[]): number {
  const sorted = Float64Array.from(traces, ({ match }) => spanMillis(match)).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function renderPager({ filter, offset, limit, total }: TraceList): string {
  const link = (text: string, to: number) =>
    `<a href="${esc(searchUrl(filter, { offset: to > 0 ? String(to) : '' }))}">${text}</a>`;
  if (total <= limit && offset === 0) return '';
  const back = offset > 0 ? link('← Previous', Math.max(0, offset - limit)) : '';
  const next = offset + limit < total ? link('Next →', offset + limit) : '';
  const last = Math.min(total, offset + limit);
  return `<nav class="pager" aria-label="Result pages">${back}<span>${formatMetricValue(offset + 1)}–${formatMetricValue(last)} of ${formatMetricValue(total)}</span>${next}</nav>`;
}

/** Returns a search result's line as JSON for scripts and agents. */
export function summaryToJson({ root, match, ...summary }: TraceSummary) {
  return {
    ...summary,
    start: formatIso(summary.start),
    root: spanToLine(root),
    match: spanToLine(match),
  };
}

function spanToLine(span: TraceSummary['root']) {
  return {
    spanId: span.spanContext().spanId,
    service: serviceOf(span),
    name: span.name,
    durationMillis: spanMillis(span),
    attributes: span.attributes,
  };
}
