import { esc } from './html.ts';
import { renderLayout } from './layout.ts';

const MAX_WAIT_SECONDS = 30;

/** Says that a trace is not there yet, and looks again every second for half a minute. */
export function renderWaitPage(traceId: string, waited: number): string {
  const isWaiting = waited < MAX_WAIT_SECONDS;
  const text = isWaiting
    ? '<p>This page refreshes until the trace arrives. Spans are sent when they end, so a running request is not complete.</p>'
    : '<p>It did not arrive within 30 seconds. It may not have been sampled, may have been sent elsewhere, or was dropped because the viewer keeps only the newest traces.</p>';
  return renderLayout({
    title: isWaiting ? 'Waiting for a trace' : 'Trace not found',
    section: 'traces',
    main: `<div class="empty" id="results"><h1>${isWaiting ? 'Waiting for trace' : 'No trace'} <code>${esc(traceId.slice(0, 8))}…</code></h1>${text}<p><code class="copy">${esc(traceId)}</code></p><p><a href="/trace/${esc(traceId)}">Look again</a> · <a href="/">All traces</a> · <a href="/status">What is kept</a></p></div>`,
    refresh: isWaiting ? { seconds: 1, url: `/trace/${traceId}?waited=${waited + 1}` } : undefined,
  });
}
