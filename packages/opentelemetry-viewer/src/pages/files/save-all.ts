import { toOtlpDocument } from 'opentelemetry-instrument-exporters/otlp/json';
import type { TraceStore } from '../../store/index.ts';

/** Records in one line. To encode them takes some milliseconds. */
const LINE_RECORDS = 500;

/**
 * Returns everything that a store keeps as lines of OTLP JSON, like the files of the Collector's file exporter.
 * Requests are served between two lines.
 */
export function streamRecords(store: TraceStore): ReadableStream<Uint8Array> {
  const lines = writeLines(store);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      const { value, done } = lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
  });
}

function* writeLines(store: TraceStore): Generator<object> {
  const { traces } = store.findTraces({ limit: Infinity, sort: 'oldest' });
  for (const ids of inChunks(traces, ({ spanCount }) => spanCount)) {
    // Traces that were dropped meanwhile are left out.
    const spans = ids.flatMap(({ traceId }) => store.getTrace(traceId)?.spans ?? []);
    if (spans.length > 0) yield toOtlpDocument(spans);
  }
  const logs = store.findLogs({ limit: Infinity }).toReversed();
  for (const records of inChunks(logs, () => 1)) yield toOtlpDocument([], records);
}

function* inChunks<T>(items: readonly T[], countOf: (item: T) => number): Generator<T[]> {
  let chunk: T[] = [];
  let count = 0;
  for (const item of items) {
    chunk.push(item);
    count += countOf(item);
    if (count < LINE_RECORDS) continue;
    yield chunk;
    chunk = [];
    count = 0;
  }
  if (chunk.length > 0) yield chunk;
}
