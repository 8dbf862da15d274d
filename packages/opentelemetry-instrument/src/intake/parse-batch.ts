import type { BrowserSpan } from './browser-span.ts';
import { parseSpan } from './parse-span.ts';
import { asArray, asRecord } from './untrusted-values.ts';

const MAX_SPANS = 100;

/** Valid spans of a batch and the number of rejected ones. */
export interface ParsedBatch {
  /** At most 100. */
  readonly spans: readonly BrowserSpan[];
  /** Number of other spans in the batch. */
  readonly rejected: number;
}

/**
 * Parses the spans of an `ExportTraceServiceRequest` in OTLP/JSON. Resources and scopes are
 * ignored.
 * @param nowSeconds current time in seconds since 1970
 * @returns undefined if `request` is not such a request
 */
export function parseBatch(
  request: unknown,
  nowSeconds = Date.now() / 1_000,
): ParsedBatch | undefined {
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request);
  const resourceSpans = asRecord(request).resourceSpans ?? [];
  if (!isObject || !Array.isArray(resourceSpans)) return undefined;
  const sent = resourceSpans
    .flatMap((each) => asArray(asRecord(each).scopeSpans))
    .flatMap((each) => asArray(asRecord(each).spans));
  const spans = sent.slice(0, MAX_SPANS).flatMap((span) => parseSpan(span, nowSeconds) ?? []);
  return { spans, rejected: sent.length - spans.length };
}
