import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { isError, serviceOf, valueText } from './record-facts.ts';
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
  const conditions = tags.map(createTagCondition);
  if (text) conditions.push(createTextCondition(text));
  // The state of the current trace: conditions that are met, and log records that meet each.
  const met = new Array<boolean>(conditions.length);
  const meetingLogs = new Array<readonly ReadableLogRecord[]>(conditions.length).fill([]);
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

  /** Returns the number of conditions that a span meets, itself or by a log record. */
  function scoreOf(span: ReadableSpan): number {
    let score = 0;
    for (let index = 0; index < conditions.length; index++) {
      const isMet = conditions[index]?.isMetBySpan(span) || hasLog(span, meetingLogs[index]);
      if (!isMet) continue;
      met[index] = true;
      score += 1;
    }
    return score;
  }

  return function match({ spans, errorCount }, logs) {
    if (status !== undefined && (status === 'error') !== errorCount > 0) return undefined;
    for (let index = 0; index < conditions.length; index++) {
      const { isMetByLog } = conditions[index] as Condition;
      const meeting = logs.length > 0 ? logs.filter(isMetByLog) : logs;
      meetingLogs[index] = meeting;
      met[index] = meeting.length > 0;
    }
    // An operation names the span. A log record outside of every span can meet a condition that is the only one.
    const mayMeetNone =
      operation !== undefined || conditions.length === 0 || (conditions.length === 1 && met[0]);
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

type SpanTest = (span: ReadableSpan) => boolean;

/** A tag, or the text. */
interface Condition {
  readonly isMetBySpan: SpanTest;
  readonly isMetByLog: (record: ReadableLogRecord) => boolean;
}

function createTextCondition(text: string): Condition {
  const containsText = createTextTest(text);
  return {
    isMetBySpan: (span) => spanContains(span, containsText),
    isMetByLog: (record) => logContains(record, containsText),
  };
}

function createTagCondition({ key, value }: TagFilter): Condition {
  const equals = (attributes: object | undefined) => {
    const found = attributes && (attributes as Record<string, unknown>)[key];
    if (typeof found === 'string') return found === value;
    return found !== undefined && valueText(found) === value;
  };
  const equalsInResource = memoizeByResource((record: ReadableSpan) =>
    equals(record.resource.attributes),
  );
  function isMetBySpan(span: ReadableSpan): boolean {
    if (equals(span.attributes) || equalsInResource(span)) return true;
    if (key === 'error' && isError(span) === (value === 'true')) {
      return true;
    }
    if (key === 'otel.scope.name' && span.instrumentationScope.name === value) return true;
    return (
      span.events.length > 0 &&
      span.events.some(
        (event) => equals(event.attributes) || (key === 'event' && event.name === value),
      )
    );
  }
  return { isMetBySpan, isMetByLog: ({ attributes }) => equals(attributes) };
}

type TextTest = (value: unknown) => boolean;

function createTextTest(text: string): TextTest {
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
  return (value) => {
    const searched = valueText(value);
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

function hasLog(span: ReadableSpan, logs: readonly ReadableLogRecord[] = []): boolean {
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

/** Keeps the result for the last resource: most spans share one. */
function memoizeByResource(test: SpanTest): SpanTest {
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
