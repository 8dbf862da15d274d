import { TraceFlags } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import { formatLine, lineWidth, type Segment, type Terminal } from '../terminal/index.ts';
import { describePage } from './describe-page.ts';
import { coveredTime, drawTimeBar, formatDuration, formatTimeOfDay } from './times.ts';
import { isLocalRoot, type TraceNode, type TraceRecord } from './trace-tree.ts';
import { type TreeLine, toTreeLine } from './tree-line.ts';

/** The look of a tree. */
export interface TreeFormat {
  readonly terminal: Terminal;
  /** Start of a trace's URL, printed before its ID. */
  readonly traceUrl?: string | undefined;
  /** Milliseconds from which a span is marked as slow. */
  readonly slowMillis: number;
}

/** A span is marked with its share of the time if it took at least this share itself ... */
const MIN_SHARE = 0.5;
/** ... of a request that took at least this share of `slowMillis`. */
const MIN_SLOW_SHARE = 0.1;

/**
 * Formats a record and its descendants as a tree. The line of a child begins with the time that it took
 * within the tree, as a bar.
 *
 *     12:31:07.201 GET /tasks/:id 200 4.2 ms  /tasks/17  trace 4bf92f3577b34da6a3ce929d0e0e4736
 *      ╺━━━━━━╸    ├─ SELECT tasks 2.9 ms 69 %  select "id", "title" from "tasks" where "id" = ?
 *            ·     └─ INFO found a task  task.id=17
 */
export function formatTree(node: TraceNode, dropped: number, format: TreeFormat): string {
  const { terminal, slowMillis } = format;
  const isRequest = isLocalRoot(node.entry);
  const root = toTreeLine(node, isRequest ? 'bold' : 'cyan');
  const [[start, end] = [0, 0]] = root.intervals;
  const isLong = end - start >= slowMillis * MIN_SLOW_SHARE;
  let text = formatTop(node.entry, describeLine(root), format);
  if (dropped > 0) {
    const hint = `${dropped} earlier entries dropped`;
    text += formatLine([{ text: `${NO_TIME}├─ `, style: 'dim' }, { text: hint }], terminal);
  }
  appendBelow(root, '');
  return text;

  function appendBelow({ children }: TreeLine, indent: string) {
    for (const [i, line] of children.entries()) {
      const isLast = i === children.length - 1;
      const bar: Segment = { text: `${drawTimeBar(line.intervals, start, end)} `, style: 'blue' };
      const guide: Segment = { text: `${indent}${isLast ? '└─ ' : '├─ '}`, style: 'dim' };
      text += formatLine([bar, guide, ...describeLine(line)], terminal);
      appendBelow(line, `${indent}${isLast ? '   ' : '│  '}`);
    }
  }

  function describeLine(line: TreeLine): Segment[] {
    const { title, duration, count, details } = line;
    const segments = [...title];
    if (count > 1) segments.push({ text: ` ×${count}`, style: 'yellow' });
    if (duration === undefined) return [...segments, ...details];
    const isSlow = duration >= slowMillis;
    const share = (duration - durationBelow(line)) / (end - start);
    const hasLargeShare = line !== root && isLong && share >= MIN_SHARE;
    const marks = [
      ...(isSlow ? ['slow'] : []),
      ...(hasLargeShare ? [`${Math.round(share * 100)} %`] : []),
    ].join(', ');
    segments.push({
      text: ` ${formatDuration(duration)}${marks && ` ${marks}`}`,
      style: marks ? 'yellow' : undefined,
    });
    return [...segments, ...details];
  }
}

/** Spaces with the width of a time of day. */
const NO_TIME = ' '.repeat(13);

function durationBelow({ children }: TreeLine): number {
  return coveredTime(children.flatMap(({ intervals }) => intervals));
}

/** Formats a page load or an error of a page as one line; undefined for other spans of pages. */
export function formatPageLine(entry: TraceRecord, format: TreeFormat): string | undefined {
  const line = entry.kind === 'span' ? describePage(entry.span) : undefined;
  return line && formatTop(entry, line.segments, format, line.isLoad);
}

/**
 * Formats the first line. The trace gets a separate line where the first has no room for it.
 * @param isTraceKnown the trace is left out instead
 */
function formatTop(
  { time, context }: TraceRecord,
  segments: readonly Segment[],
  { terminal, traceUrl = '' }: TreeFormat,
  isTraceKnown = false,
): string {
  const line: Segment[] = [
    { text: `${formatTimeOfDay(hrTimeToMilliseconds(time))} `, style: 'dim' },
    ...segments,
  ];
  if (context === undefined) return formatLine(line, terminal);
  const isSampled = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
  const label = isSampled && traceUrl !== '' ? traceUrl : 'trace ';
  const trace: Segment = { text: label + context.traceId, style: 'dim' };
  const together = [...line, { text: '  ' }, trace];
  if (lineWidth(together) <= (terminal.columns ?? Number.POSITIVE_INFINITY)) {
    return formatLine(together, terminal);
  }
  const below = isTraceKnown ? '' : formatLine([{ text: NO_TIME }, trace], terminal);
  return formatLine(line, terminal) + below;
}
