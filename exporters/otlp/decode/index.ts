import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Signal } from '../../exporter.ts';
import { asList, asObject } from '../json-values.ts';
import { decodeMessage, REQUEST_TYPES } from '../protobuf/index.ts';
import { decodeLogRecord } from './decode-log-record.ts';
import { decodeMetric } from './decode-metric.ts';
import { decodeResource, decodeScope } from './decode-origin.ts';
import { decodeSpan } from './decode-span.ts';

/**
 * Messages, objects and arrays in one request. A request of 20 MiB with ordinary spans has a million; one
 * that has nothing but empty ones could have ten million, which take a gigabyte.
 */
const maxMessages = 2_000_000;

/** The records of an export request, in the shapes of the SDK. */
export interface DecodedRequest<Records> {
  readonly records: Records;
  /** Records, or data points, that are invalid. */
  readonly rejected: number;
  /** The reason; empty if there are none. */
  readonly errorMessage: string;
}

/**
 * Parses the body of an export request, for the functions below.
 *
 * @throws RangeError or SyntaxError if it is not an export request
 */
export function parseExportRequest(
  signal: Signal,
  body: Uint8Array,
  encoding: 'protobuf' | 'json',
): unknown {
  if (encoding === 'protobuf') return decodeMessage(body, REQUEST_TYPES[signal], { maxMessages });
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  if (countOpenings(body) > maxMessages) throw new RangeError('There are too many objects.');
  const request: unknown = JSON.parse(text);
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new SyntaxError('The request is not an object.');
  }
  return request;
}

/**
 * Decodes an `ExportTraceServiceRequest`. Spans with invalid ids are rejected; anything else that is
 * missing or has a wrong type gets a default.
 *
 * @example
 * ```ts
 * import { decodeSpans, parseExportRequest } from 'opentelemetry-instrument-exporters/decode';
 *
 * const body = new TextEncoder().encode('{"resourceSpans":[]}');
 * const { records } = decodeSpans(parseExportRequest('traces', body, 'json'));
 * console.log(records.length); // 0
 * ```
 */
export function decodeSpans(request: unknown): DecodedRequest<ReadableSpan[]> {
  const records: ReadableSpan[] = [];
  let rejected = 0;
  forEachScope(request, 'Spans', (resource, scope, { spans }) => {
    for (const each of asList(spans)) {
      const span = decodeSpan(each, resource, scope);
      if (span) records.push(span);
      else rejected += 1;
    }
  });
  return { records, rejected, errorMessage: rejected ? 'Spans have an invalid id.' : '' };
}

/** Decodes an `ExportLogsServiceRequest`. */
export function decodeLogRecords(request: unknown): DecodedRequest<ReadableLogRecord[]> {
  const records: ReadableLogRecord[] = [];
  forEachScope(request, 'Logs', (resource, scope, { logRecords }) => {
    for (const each of asList(logRecords)) records.push(decodeLogRecord(each, resource, scope));
  });
  return { records, rejected: 0, errorMessage: '' };
}

/** Decodes an `ExportMetricsServiceRequest`. Data points of summaries are rejected. */
export function decodeMetrics(request: unknown): DecodedRequest<ResourceMetrics[]> {
  const byResource = new Map<Resource, ResourceMetrics>();
  let rejected = 0;
  forEachScope(request, 'Metrics', (resource, scope, { metrics: list }) => {
    const metrics = asList(list).flatMap((each) => {
      const { metric, rejected: count } = decodeMetric(each);
      rejected += count;
      return metric ?? [];
    });
    const found = byResource.get(resource) ?? { resource, scopeMetrics: [] };
    byResource.set(resource, found);
    found.scopeMetrics.push({ scope, metrics });
  });
  const errorMessage = rejected ? 'Summaries are not supported.' : '';
  return { records: [...byResource.values()], rejected, errorMessage };
}

function forEachScope(
  request: unknown,
  kind: 'Spans' | 'Logs' | 'Metrics',
  take: (resource: Resource, scope: InstrumentationScope, scoped: Record<string, unknown>) => void,
): void {
  for (const each of asList(asObject(request)[`resource${kind}`])) {
    const origin = asObject(each);
    const resource = decodeResource(origin);
    for (const scoped of asList(origin[`scope${kind}`])) {
      take(resource, decodeScope(asObject(scoped)), asObject(scoped));
    }
  }
}

/** Counts the bytes that open an object or array, or could do so within a string. */
function countOpenings(body: Uint8Array): number {
  let count = 0;
  for (const byte of body) if (byte === 0x7b || byte === 0x5b) count += 1;
  return count;
}
