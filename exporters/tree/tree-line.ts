import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { TimedEvent } from '@opentelemetry/sdk-trace-base';
import type { Segment, Style } from '../terminal/index.ts';
import { describeException, type ExceptionSummary, readException } from './describe-exception.ts';
import { describeAttributes, describeLog } from './describe-log.ts';
import { describeDetail, describeSpan, describeSpanError } from './describe-span.ts';
import { coveredTime } from './times.ts';
import type { TraceNode, TraceRecord } from './trace-tree.ts';

/** A span, log record or event as a line with the lines below it, before it is formatted. */
export interface TreeLine {
  /** The part before the duration. */
  readonly title: readonly Segment[];
  /** The part after the duration. */
  readonly details: readonly Segment[];
  /** Start and end of each span on the line, in milliseconds since 1970. */
  readonly intervals: readonly (readonly [start: number, end: number])[];
  /** The time within the spans in milliseconds; undefined if the line is not a span. */
  readonly duration?: number | undefined;
  /** Number of equal siblings on the line. */
  readonly count: number;
  readonly children: readonly TreeLine[];
  /** Equal for lines that show the same, apart from times. */
  readonly key: string;
}

/** Fewer equal siblings stay separate lines, between what happened in between. */
const MIN_EQUAL_SIBLINGS = 3;

/** Creates the lines of a record and its descendants. Merges equal siblings. */
export function toTreeLine(node: TraceNode, nameStyle: Style): TreeLine {
  return createLine(node, nameStyle, createKeys()).line;
}

/** Returns a short key for each distinct text, so that the keys of a deep tree do not grow. */
function createKeys(): (text: string) => string {
  const keys = new Map<string, string>();
  return (text) => {
    const key = keys.get(text) ?? keys.size.toString(36);
    keys.set(text, key);
    return key;
  };
}

interface LineWithExceptions {
  readonly line: TreeLine;
  /** Exceptions on the line and below it. The spans above often record the same. */
  readonly exceptions: readonly ExceptionSummary[];
}

function createLine(
  { entry, children }: TraceNode,
  nameStyle: Style,
  toKey: (text: string) => string,
): LineWithExceptions {
  if (entry.kind === 'log') return createLogLine(entry, [], toKey);
  const { span } = entry;
  const start = hrTimeToMilliseconds(entry.time);
  const below: TreeLine[] = [];
  const exceptions: ExceptionSummary[] = [];
  function add({ line, exceptions: added }: LineWithExceptions) {
    below.push(line);
    exceptions.push(...added);
  }
  for (const child of children) {
    if (child.entry.kind === 'span') add(createLine(child, 'cyan', toKey));
  }
  for (const event of span.events) {
    const exception = event.name === 'exception' ? readException(event.attributes) : undefined;
    if (exception && exceptions.some(({ text }) => text === exception.text)) continue;
    add({
      line: createEventLine(event, exception, toKey),
      exceptions: exception ? [exception] : [],
    });
  }
  for (const { entry: log } of children) {
    if (log.kind === 'log') add(createLogLine(log, exceptions, toKey));
  }
  const problem = describeSpanError(span);
  const isShown = exceptions.some(
    ({ type, text }) => problem === type || (problem && text.endsWith(problem)),
  );
  const reason: Segment[] = problem && !isShown ? [{ text: `  ${problem}`, style: 'red' }] : [];
  const duration = hrTimeToMilliseconds(span.duration);
  const line = withKey(
    {
      title: describeSpan(span, nameStyle),
      details: [...reason, ...describeDetail(span)],
      intervals: [[start, start + duration]],
      duration,
      count: 1,
      children: mergeEqual(below.sort((a, b) => startOf(a) - startOf(b))),
    },
    toKey,
  );
  return { line, exceptions };
}

function createLogLine(
  { record, time }: TraceRecord & { readonly kind: 'log' },
  shown: readonly ExceptionSummary[],
  toKey: (text: string) => string,
): LineWithExceptions {
  const exception = readException(record.attributes);
  // Application code often logs the type of an exception only.
  const isShown = shown.some(
    ({ type, text }) => exception?.text === type || exception?.text === text,
  );
  const details = exception && !isShown ? [{ text: '  ' }, ...describeException(exception)] : [];
  const line = createMoment(
    time,
    describeLog(record),
    [...details, ...describeAttributes(record.attributes)],
    toKey,
  );
  return { line, exceptions: exception ? [exception] : [] };
}

function createEventLine(
  { name, attributes, time }: TimedEvent,
  exception: ExceptionSummary | undefined,
  toKey: (text: string) => string,
): TreeLine {
  if (exception === undefined) {
    return createMoment(time, [{ text: `• ${name}` }], describeAttributes(attributes), toKey);
  }
  const title: Segment[] = [{ text: '✗ ', style: 'boldRed' }, ...describeException(exception)];
  return createMoment(time, title, [], toKey);
}

function createMoment(
  time: TraceRecord['time'],
  title: readonly Segment[],
  details: readonly Segment[],
  toKey: (text: string) => string,
): TreeLine {
  const start = hrTimeToMilliseconds(time);
  return withKey({ title, details, intervals: [[start, start]], count: 1, children: [] }, toKey);
}

function withKey(line: Omit<TreeLine, 'key'>, toKey: (text: string) => string): TreeLine {
  const texts = [...line.title, ...line.details].map(({ text }) => text);
  const below = line.children.map(({ key, count }) => `${key}x${count}`);
  return { ...line, key: toKey(JSON.stringify([texts, below])) };
}

function startOf({ intervals: [first] }: TreeLine): number {
  return first?.[0] ?? 0;
}

/** Merges equal siblings into the first of them: many equal queries are one line. */
function mergeEqual(lines: readonly TreeLine[]): TreeLine[] {
  const groups = Map.groupBy(lines, ({ key }) => key);
  return lines.flatMap((line) => {
    const equal = groups.get(line.key) ?? [];
    if (equal.length < MIN_EQUAL_SIBLINGS) return line;
    return line === equal[0] ? merge(line, equal) : [];
  });
}

function merge(first: TreeLine, equal: readonly TreeLine[]): TreeLine {
  const intervals = equal.flatMap((line) => line.intervals);
  return {
    ...first,
    intervals,
    duration: first.duration === undefined ? undefined : coveredTime(intervals),
    count: equal.reduce((sum, { count }) => sum + count, 0),
    children: mergeEqual(equal.flatMap(({ children }) => children)),
  };
}
