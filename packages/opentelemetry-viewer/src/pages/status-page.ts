import type { Signal } from 'opentelemetry-instrument-exporters';
import type { MetricStore, TraceStore } from '../store/index.ts';
import {
  esc,
  formatBytes,
  formatMetricValue,
  formatMillis,
  formatTime,
  renderLayout,
} from './page/index.ts';

/** Facts about the running viewer that the store does not know. */
export interface ViewerInfo {
  readonly version: string;
  /** Addresses that accept telemetry: `OTLP/HTTP` and `http://localhost:4318`. */
  readonly endpoints?: readonly { readonly name: string; readonly url: string }[] | undefined;
  /** URL of the program that the viewer is part of. */
  readonly programUrl?: (() => string | undefined) | undefined;
  /** The sampler of an embedding program, for readers who miss a trace. */
  readonly sampling?: string | undefined;
  /** Records, or data points, that the receivers could not decode. */
  readonly rejected?: Readonly<Record<Signal, number>> | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** Memory of the process in bytes. */
  readonly memory?: (() => number) | undefined;
}

/** Returns what the viewer keeps, has dropped and uses, for the page and as JSON. */
export function readStatus(store: TraceStore, metrics: MetricStore, info: ViewerInfo) {
  return {
    version: info.version,
    sampling: info.sampling,
    rejected: info.rejected ?? { traces: 0, metrics: 0, logs: 0 },
    endpoints: info.endpoints ?? [],
    startedAt: info.startedAt,
    memoryBytes: info.memory?.(),
    store: store.stats(),
    metrics: metrics.stats(),
  };
}

export type ViewerStatus = ReturnType<typeof readStatus>;

export function renderStatusPage(status: ViewerStatus): string {
  const { store, metrics, endpoints, memoryBytes, startedAt, sampling, rejected, version } = status;
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
    ['Spans, with their traces or beyond the limit of one', store.droppedSpans],
    ['Log records, the oldest first', store.droppedLogs],
    ['Time series, beyond the limit', metrics.droppedSeries],
    ['Spans with an invalid id', rejected.traces],
    ['Data points of summaries, which are not supported', rejected.metrics],
    ['Spans and log records that are not in the file of --save', store.unsavedRecords ?? 0],
  ] as const;
  const hasDropped = drops.some(([, count]) => count > 0);
  const facts = [
    ['Version', esc(version)],
    ['Sampling', esc(sampling ?? 'unknown: the sending programs decide')],
    ['Running for', startedAt === undefined ? '–' : formatMillis(Date.now() - startedAt)],
    ...endpoints.map(({ name, url }) => [esc(name), `<code class="copy">${esc(url)}</code>`]),
  ];
  const main = `<h1>Status</h1><div id="results">
<p role="status">${sentence(status)}</p>
<div class="cards">${cards.map(([term, value]) => `<p class="card">${term}<b>${esc(value)}</b></p>`).join('')}</div>
<section><h2>Dropped</h2>${!hasDropped ? '<p>Nothing.</p>' : `<table><tbody>${drops.map(([term, count]) => `<tr><th scope="row">${term}</th><td class="num">${formatMetricValue(count)}</td></tr>`).join('')}</tbody></table>`}</section>
<section><h2>This viewer</h2><table><tbody>${facts.map(([term, html]) => `<tr><th scope="row">${term}</th><td>${html}</td></tr>`).join('')}</tbody></table></section>
<p class="actions"><a href="/save">Save all as OTLP JSON</a><a href="/open">Open a file</a></p></div>
<details><summary>Delete all traces and log records …</summary><form method="post" action="/clear"><p>This also empties the runs in the file of <code>--save</code>. It cannot be undone.</p><p class="actions"><button>Delete them</button></p></form></details>`;
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
