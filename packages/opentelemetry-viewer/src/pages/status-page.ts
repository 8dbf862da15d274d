import type { MetricStore } from '../store/metric-store.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { formatBytes, formatMetricValue, formatMillis, formatTime } from './format.ts';
import { esc } from './html.ts';
import { renderLayout } from './layout.ts';
import type { ViewerInfo } from './viewer-info.ts';

/** Returns what the viewer keeps, has dropped and uses, for the page and as JSON. */
export function readStatus(store: TraceStore, metrics: MetricStore, info: ViewerInfo) {
  return {
    version: info.version,
    sampling: info.sampling,
    endpoints: info.endpoints ?? [],
    startedAt: info.startedAt,
    memoryBytes: info.memory?.(),
    store: store.stats(),
    metrics: metrics.stats(),
  };
}

export type ViewerStatus = ReturnType<typeof readStatus>;

export function renderStatusPage(status: ViewerStatus): string {
  const { store, metrics, endpoints, memoryBytes, startedAt, sampling, version } = status;
  const dropped = store.droppedTraces + store.droppedSpans + store.droppedLogs;
  const cards = [
    ['Traces', `${formatMetricValue(store.traces)} of ${formatMetricValue(store.maxTraces)}`],
    ['Spans', formatMetricValue(store.spans)],
    ['Log records', formatMetricValue(store.logs)],
    ['Oldest trace', store.oldest === undefined ? 'none' : formatTime(store.oldest)],
    ['Kept, estimated', `${formatBytes(store.bytes)} of ${formatBytes(store.maxBytes)}`],
    ['Memory of the process', memoryBytes === undefined ? 'unknown' : formatBytes(memoryBytes)],
    ['Time series', formatMetricValue(metrics.series)],
    ['Metric points', formatMetricValue(metrics.points)],
  ];
  const drops = [
    ['Traces, the oldest first', store.droppedTraces],
    ['Spans, beyond the limit of a trace', store.droppedSpans],
    ['Log records, the oldest first', store.droppedLogs],
    ['Time series, beyond the limit', metrics.droppedSeries],
  ] as const;
  const facts = [
    ['Version', esc(version)],
    ['Sampling', esc(sampling ?? 'unknown: the sending programs decide')],
    ['Running for', startedAt === undefined ? '–' : formatMillis(Date.now() - startedAt)],
    ...endpoints.map(({ name, url }) => [esc(name), `<code class="copy">${esc(url)}</code>`]),
  ];
  const main = `<h1>Status</h1><div id="results">
<p role="status">${sentence(status)}</p>
<div class="cards">${cards.map(([term, value]) => `<p class="card">${term}<b>${esc(value)}</b></p>`).join('')}</div>
<section><h2>Dropped</h2>${dropped + metrics.droppedSeries === 0 ? '<p>Nothing.</p>' : `<table><tbody>${drops.map(([term, count]) => `<tr><th scope="row">${term}</th><td class="num">${formatMetricValue(count)}</td></tr>`).join('')}</tbody></table>`}</section>
<section><h2>This viewer</h2><table><tbody>${facts.map(([term, html]) => `<tr><th scope="row">${term}</th><td>${html}</td></tr>`).join('')}</tbody></table></section>
<form method="post" action="/clear"><p class="actions"><button>Delete everything that is kept</button><a href="/save">Save all as OTLP JSON</a><a href="/open">Open a file</a></p></form></div>`;
  return renderLayout({ title: 'Status', section: 'status', main, live: 'all' });
}

/** Returns one line about the store: `10,000 of 10,000 traces, oldest 09:14:02, 3 dropped`. */
function sentence({ store }: ViewerStatus): string {
  const parts = [
    `${formatMetricValue(store.traces)} of ${formatMetricValue(store.maxTraces)} traces`,
    store.oldest === undefined ? undefined : `oldest ${formatTime(store.oldest)}`,
    `${formatMetricValue(store.droppedTraces)} dropped`,
  ];
  return parts.filter(Boolean).join(', ');
}

export function renderStatusText(status: ViewerStatus): string {
  return `${sentence(status)}\n`;
}
