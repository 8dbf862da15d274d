import type { HrTime } from '@opentelemetry/api';
import type { TimedEvent } from '@opentelemetry/sdk-trace-base';
import { formatLine, type Segment } from '../terminal/line.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { TraceNode } from './build-tree.ts';
import { describeAttributes, describeException, describeLog } from './describe-log.ts';
import {
  describeBrowser,
  describeDetail,
  describeSpan,
  describeSpanError,
} from './describe-span.ts';
import { compareTimes, isLocalRoot, type TraceRecord } from './trace-record.ts';

/**
 * Formats a request as a tree, and any other record as a line that starts with its time.
 *
 *     GET / 200 4.2 ms  trace 4bf92f3577b34da6a3ce929d0e0e4736
 *     ├─ SELECT tasks 0.41 ms  select "id", "title" from "tasks"
 *     └─ INFO listed tasks  task.count=3
 *
 *     12:31:07.201 WARN the disk is nearly full  disk.free=12
 *
 * @param traceUrl start of a trace's URL, printed before its id
 */
export function formatTree(
  node: TraceNode,
  dropped: number,
  terminal: Terminal,
  traceUrl = '',
): string {
  let text = formatLine(describeTop(node.entry, traceUrl), terminal);
  appendBelow(node, '', dropped);
  return text;

  function appendBelow(parent: TraceNode, indent: string, more: number) {
    const items = itemsBelow(parent);
    if (more > 0) {
      items.unshift({ time: [0, 0], segments: [{ text: `${more} earlier entries dropped` }] });
    }
    for (const [i, { segments, node: below }] of items.entries()) {
      const isLast = i === items.length - 1;
      const guide: Segment = { text: `${indent}${isLast ? '└─ ' : '├─ '}`, style: 'dim' };
      text += formatLine([guide, ...segments], terminal);
      if (below) appendBelow(below, `${indent}${isLast ? '   ' : '│  '}`, 0);
    }
  }
}

interface Item {
  readonly time: HrTime;
  readonly segments: readonly Segment[];
  readonly node?: TraceNode;
  readonly isBareEvent?: boolean;
}

/** Returns the children and the events of a span, in time order. */
function itemsBelow({ entry, children }: TraceNode): Item[] {
  const events = entry.kind === 'span' ? entry.span.events : [];
  const items: Item[] = [
    ...children.map((node) => ({
      time: node.entry.time,
      segments: describeEntry(node.entry),
      node,
    })),
    ...events.map((event) => ({
      time: event.time,
      segments: describeEvent(event),
      isBareEvent: isBareEvent(event),
    })),
  ];
  return mergeBareEvents(items.sort((a, b) => compareTimes(a.time, b.time)));
}

function describeEntry(entry: TraceRecord): Segment[] {
  return entry.kind === 'log'
    ? describeLog(entry.record)
    : [...describeSpan(entry.span, 'cyan'), ...describeDetail(entry.span)];
}

/** Returns true for an event with a name and a time only. */
function isBareEvent({ name, attributes = {} }: TimedEvent): boolean {
  return name !== 'exception' && Object.keys(attributes).length === 0;
}

/** Merges consecutive bare events into one line: a page load has a dozen. */
function mergeBareEvents(items: readonly Item[]): Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (!item.isBareEvent || !last?.isBareEvent) joined.push(item);
    else
      joined.splice(-1, 1, {
        ...last,
        segments: [...last.segments, { text: ' ' }, ...item.segments],
      });
  }
  return joined;
}

function describeEvent({ name, attributes }: TimedEvent): Segment[] {
  if (name === 'exception')
    return [{ text: '✗ ', style: 'boldRed' }, ...describeException(attributes)];
  return [{ text: `• ${name}` }, ...describeAttributes(attributes)];
}

function describeTop(entry: TraceRecord, traceUrl: string): Segment[] {
  const trace: Segment = { text: '  trace ', style: 'dim' };
  if (entry.kind === 'span' && isLocalRoot(entry)) {
    const problem = describeSpanError(entry.span);
    const browser = describeBrowser(entry.span);
    return [
      ...browser,
      ...describeSpan(entry.span, 'bold'),
      trace,
      { text: traceUrl + entry.span.spanContext().traceId },
      ...(problem ? [{ text: `  ${problem}`, style: 'red' } as const] : []),
    ];
  }
  const time: Segment = {
    text: `${clock(entry.time[0] * 1_000 + entry.time[1] / 1e6)} `,
    style: 'dim',
  };
  const browser = entry.kind === 'span' ? describeBrowser(entry.span) : [];
  const ending = entry.context ? [trace, { text: entry.context.traceId.slice(0, 8) }] : [];
  return [time, ...browser, ...describeEntry(entry), ...ending];
}

function clock(millis: number): string {
  const date = new Date(millis);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const parts = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
