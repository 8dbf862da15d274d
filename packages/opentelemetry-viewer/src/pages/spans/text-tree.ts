import { escapeControls, formatMillis, shorten } from '../page/index.ts';
import {
  httpStatus,
  logSeverity,
  logText,
  spanProblem,
  spanSubject,
  spanTitle,
} from './span-facts.ts';
import { noteTrace } from './trace-notes.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';

const MAX_INDENT = 40;

/**
 * Formats a trace for a terminal, over all services:
 *
 *     GET / 200 4.20 ms  todo  trace 4bf92f3577b34da6a3ce929d0e0e4736
 *     ├─ SELECT tasks 0.41 ms  select "id", "title" from "tasks"
 *     └─ INFO listed tasks
 */
export function formatTextTree(traceId: string, waterfall: Waterfall): string {
  const { rows } = waterfall;
  const lastAt = findLastSiblings(rows);
  const isLastAt: boolean[] = [];
  const lines = rows.map((row, index) => {
    isLastAt[row.depth] = lastAt.has(index);
    const guides = isLastAt
      .slice(1, Math.min(row.depth, MAX_INDENT))
      .map((l) => (l ? '   ' : '│  '));
    const branch = row.depth === 0 ? '' : lastAt.has(index) ? '└─ ' : '├─ ';
    const trace = index === 0 ? `  trace ${traceId}` : '';
    return `${guides.join('')}${branch}${oneLine(describeRow(row))}${trace}\n`;
  });
  const notes = noteTrace(waterfall).map(({ message }) => `* ${oneLine(message)}\n`);
  return `${lines.join('')}${notes.length > 0 ? '\n' : ''}${notes.join('')}`;
}

/** Returns the indexes of the rows that are the last of their siblings. */
function findLastSiblings(rows: readonly WaterfallRow[]): ReadonlySet<number> {
  const last = new Set<number>();
  const seen: boolean[] = [];
  for (let index = rows.length - 1; index >= 0; index--) {
    const depth = rows[index]?.depth ?? 0;
    if (!seen[depth]) last.add(index);
    seen[depth] = true;
    // Rows above belong to another parent once a shallower row is passed.
    seen.length = depth + 1;
  }
  return last;
}

function describeRow(row: WaterfallRow): string {
  if (row.kind === 'log') return `${logSeverity(row.record)} ${logText(row.record)}`;
  const { span, service, duration, parent, isError } = row.node;
  const problem = spanProblem(span);
  const parts = [
    `${isError ? '✗ ' : ''}${spanTitle(span)}`,
    httpStatus(span),
    formatMillis(duration),
    parent?.service === service ? undefined : ` ${service}`,
    problem && ` ${problem}`,
    !problem && spanSubject(span) ? ` ${spanSubject(span)}` : undefined,
  ];
  return parts.filter(Boolean).join(' ');
}

/** Escapes control characters, which a terminal would obey. */
function oneLine(text: string): string {
  return escapeControls(shorten(text, 500).replace(/[\n\r\t]/g, ' '));
}
