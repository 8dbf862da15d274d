import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { millisOf } from './times.ts';
import type { LogQuery, TagFilter, TraceQuery } from './trace-store.ts';

/** The spans of a trace that a query is matched with. */
export interface TraceSpans {
  readonly spans: readonly ReadableSpan[];
  readonly errorCount: number;
}

/**
 * Returns a function that finds the span which matches a query best: the one that meets the most
 * conditions, then the longest. It returns undefined if the trace does not match.
 *
 * Service, operation, duration and time must hold on that span. Each tag, and the text, may also hold on
 * another span of the service. Without an operation, the span must meet at least one of them itself.
 */
export function createTraceMatcher(
  query: TraceQuery,
): (trace: TraceSpans, logs: readonly ReadableLogRecord[]) => ReadableSpan | undefined {
  const { service, operation, status, text, tags = [] } = query;
  const { minDurationMillis = 0, maxDurationMillis = Infinity } = query;
  const { from = Number.NEGATIVE_INFINITY, to = Infinity } = query;
  const containsText = text ? createTextTest(text) : undefined;
  let logsWithText: readonly ReadableLogRecord[] = [];
  const tests: SpanTest[] = tags.map(createTagTest);
  if (containsText) {
    tests.push((span) => spanContains(span, containsText) || hasLog(span, logsWithText));
  }
  const textIndex = tags.length;
  // Which tests a span of the current trace has met. One array for all traces, as there are many.
  const met = new Array<boolean>(tests.length);
  const hasTimes = query.from !== undefined || query.to !== undefined;
  const hasDurations =
    query.minDurationMillis !== undefined || query.maxDurationMillis !== undefined;

  function isCandidate(span: ReadableSpan): boolean {
    if (operation !== undefined && span.name !== operation) return false;
    if (hasDurations) {
      const millis = millisOf(span.duration);
      if (millis < minDurationMillis || millis > maxDurationMillis) return false;
    }
    if (!hasTimes) return true;
    const start = millisOf(span.startTime);
    return start >= from && start <= to;
  }

  /** Returns the number of tests that a span meets. */
  function scoreOf(span: ReadableSpan): number {
    let score = 0;
    for (let index = 0; index < tests.length; index++) {
      if (!tests[index]?.(span)) continue;
      met[index] = true;
      score += 1;
    }
    return score;
  }

  return function match({ spans, errorCount }, logs) {
    if (status !== undefined && (status === 'error') !== errorCount > 0) return undefined;
    met.fill(false);
    if (containsText) {
      logsWithText = logs.length > 0 ? logs.filter((log) => logContains(log, containsText)) : logs;
      met[textIndex] = logsWithText.length > 0;
    }
    // An operation names the span. Log records outside of every span can meet the text, if it is the only condition.
    const mayMeetNone =
      operation !== undefined ||
      tests.length === 0 ||
      (tests.length === 1 && logsWithText.length > 0);
    let best: ReadableSpan | undefined;
    let bestScore = mayMeetNone ? 0 : 1;
    for (const span of spans) {
      if (service !== undefined && serviceOf(span) !== service) continue;
      const score = scoreOf(span);
      if (score < bestScore || !isCandidate(span)) continue;
      if (score > bestScore || best === undefined || isLonger(span, best)) best = span;
      bestScore = score;
    }
    return met.every(Boolean) ? best : undefined;
  };
}

/** Returns whether a query matches every trace. */
export function isUnconditional(query: TraceQuery): boolean {
  const { status, from, to } = query;
  return (status ?? from ?? to) === undefined && !hasSpanConditions(query);
}

/** Returns whether a query has conditions that only its spans can meet. */
export function hasSpanConditions(query: TraceQuery): boolean {
  const { service, operation, tags, text, minDurationMillis, maxDurationMillis } = query;
  return (
    (service ?? operation ?? minDurationMillis ?? maxDurationMillis) !== undefined ||
    Boolean(text) ||
    (tags?.length ?? 0) > 0
  );
}

/** Returns a function that tests a log record for all conditions of a query but the trace id. */
export function createLogMatcher(query: LogQuery): (record: ReadableLogRecord) => boolean {
  const { service, text, minSeverity = 0 } = query;
  const { from = Number.NEGATIVE_INFINITY, to = Infinity } = query;
  const containsText = text ? createTextTest(text) : undefined;
  return (record) => {
    if ((record.severityNumber ?? 0) < minSeverity) return false;
    const time = millisOf(record.hrTime);
    if (time < from || time > to) return false;
    if (service !== undefined && serviceOf(record) !== service) return false;
    return containsText === undefined || logContains(record, containsText);
  };
}

/** Returns the `service.name` of a record's resource. */
export function serviceOf({ resource }: Pick<ReadableSpan, 'resource'>): string {
  const name = resource.attributes['service.name'];
  return typeof name === 'string' && name !== '' ? name : 'unknown_service';
}

/** Returns a value of an attribute as it is compared and searched. */
export function valueToText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
  } catch {
    return '';
  }
}

type SpanTest = (span: ReadableSpan) => boolean;

function createTagTest({ key, value }: TagFilter): SpanTest {
  const equals = (attributes: object | undefined) => {
    const found = attributes && (attributes as Record<string, unknown>)[key];
    if (typeof found === 'string') return found === value;
    return found !== undefined && valueToText(found) === value;
  };
  const equalsInResource = once((record: ReadableSpan) => equals(record.resource.attributes));
  return (span) => {
    if (equals(span.attributes) || equalsInResource(span)) return true;
    if (key === 'error' && (span.status.code === SpanStatusCode.ERROR) === (value === 'true')) {
      return true;
    }
    if (key === 'otel.scope.name' && span.instrumentationScope.name === value) return true;
    return (
      span.events.length > 0 &&
      span.events.some(
        (event) => equals(event.attributes) || (key === 'event' && event.name === value),
      )
    );
  };
}

type TextTest = (value: unknown) => boolean;

function createTextTest(text: string): TextTest {
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
  return (value) => {
    const searched = valueToText(value);
    // Most values are shorter than the text, and a call of the pattern costs more than this comparison.
    return searched.length >= text.length && pattern.test(searched);
  };
}

function spanContains(span: ReadableSpan, contains: TextTest): boolean {
  return (
    contains(span.name) ||
    attributesContain(span.attributes, contains) ||
    (span.status.message !== undefined && contains(span.status.message)) ||
    (span.events.length > 0 &&
      span.events.some(
        (event) => contains(event.name) || attributesContain(event.attributes, contains),
      ))
  );
}

function logContains(record: ReadableLogRecord, contains: TextTest): boolean {
  return contains(record.body) || attributesContain(record.attributes, contains);
}

function attributesContain(attributes: object | undefined, contains: TextTest): boolean {
  for (const key in attributes) {
    if (contains((attributes as Record<string, unknown>)[key])) return true;
  }
  return false;
}

function hasLog(span: ReadableSpan, logs: readonly ReadableLogRecord[]): boolean {
  return (
    logs.length > 0 && logs.some((log) => log.spanContext?.spanId === span.spanContext().spanId)
  );
}

function isLonger(span: ReadableSpan, other: ReadableSpan): boolean {
  return (
    span.duration[0] > other.duration[0] ||
    (span.duration[0] === other.duration[0] && span.duration[1] > other.duration[1])
  );
}

/** Remembers the result for the last resource: most spans share one. */
function once(test: SpanTest): SpanTest {
  let resource: unknown;
  let result = false;
  return (span) => {
    if (span.resource !== resource) {
      resource = span.resource;
      result = test(span);
    }
    return result;
  };
}
