import type { BrowserSpan } from './browser-span.ts';
import { asArray, asRecord } from './json-fields.ts';
import { parseSpan } from './parse-span.ts';

const MAX_SPANS = 100;

export interface ParsedBatch {
  /** At most 100. */
  readonly spans: readonly BrowserSpan[];
  /** How many were in the batch besides. */
  readonly rejected: number;
}

/**
 * Reads the spans of an `ExportTraceServiceRequest` in OTLP/JSON. Resources and scopes are not read.
 * @param now in seconds since 1970
 * @returns undefined for what is no such request
 */
export function parseBatch(request: unknown, now = Date.now() / 1_000): ParsedBatch | undefined {
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request);
  const resourceSpans = asRecord(request).resourceSpans ?? [];
  if (!isObject || !Array.isArray(resourceSpans)) return undefined;
  const sent = resourceSpans
    .flatMap((each) => asArray(asRecord(each).scopeSpans))
    .flatMap((each) => asArray(asRecord(each).spans));
  const spans = sent.slice(0, MAX_SPANS).flatMap((span) => parseSpan(span, now) ?? []);
  return { spans, rejected: sent.length - spans.length };
}
