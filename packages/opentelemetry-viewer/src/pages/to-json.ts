import type { TraceSummary } from '../store/trace-store.ts';
import { formatIso } from './format.ts';
import { spanMillis, spanService } from './span-facts.ts';

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
    service: spanService(span),
    name: span.name,
    durationMillis: spanMillis(span),
    attributes: span.attributes,
  };
}
