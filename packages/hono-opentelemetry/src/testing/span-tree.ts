import { SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import type { RecordedSpan } from './recorded-span.ts';

/** Parts of a tree in addition to names, statuses and errors. */
export interface TraceTreeOptions {
  /** Shows the attributes with these names. @default none */
  readonly attributes?: readonly string[];
  /** Shows durations, which differ from run to run. @default false */
  readonly durations?: boolean;
  /** Shows trace and span IDs, which differ from run to run. @default false */
  readonly ids?: boolean;
}

/**
 * Formats spans as a tree, one line per span, children indented below their parents in the order of their
 * starts. A span whose parent is not recorded is a root.
 */
export function formatSpanTree(
  spans: readonly RecordedSpan[],
  options: TraceTreeOptions = {},
): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const parentOf = ({ parentSpanId = '' }: RecordedSpan) =>
    ids.has(parentSpanId) ? parentSpanId : '';
  const lines = (parentId: string, indent: string): string[] =>
    spans
      .filter((span) => parentOf(span) === parentId)
      .flatMap((span) => [
        indent + formatSpan(span, options),
        ...lines(span.spanId, `${indent}  `),
      ]);
  return lines('', '').join('\n');
}

function formatSpan(
  span: RecordedSpan,
  { attributes = [], durations, ids }: TraceTreeOptions,
): string {
  const { name, status, startTime, endTime } = span;
  const code = span.attributes[ATTR_HTTP_RESPONSE_STATUS_CODE];
  const type = span.attributes[ATTR_ERROR_TYPE];
  const isErrorCode = type === String(code);
  return [
    name,
    code,
    status.code === SpanStatusCode.ERROR && 'ERROR',
    !isErrorCode && type,
    endTime === undefined && '(not ended)',
    ...attributes
      .filter((key) => span.attributes[key] !== undefined)
      .map((key) => `${key}=${JSON.stringify(span.attributes[key])}`),
    durations && endTime !== undefined && `${(endTime - startTime).toFixed(1)} ms`,
    ids && `${span.traceId}:${span.spanId}`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(' ');
}
