import { type StoredTrace, valueText } from '../../store/index.ts';
import { parseMillis } from '../page/index.ts';
import {
  layOutTrace,
  logText,
  type SpanNode,
  type Waterfall,
  type WaterfallRow,
} from '../spans/index.ts';

/** The state of a trace's page, all of it from the URL. */
export interface TraceView {
  readonly span: string;
  readonly find: string;
  /** Hides rows without a match. */
  readonly only: string;
  /** Hides shorter spans. */
  readonly min: string;
  /** Ids of folded spans, separated by dots. */
  readonly fold: string;
  /** The shown part of the time axis, in milliseconds since the trace's start: `10-25.5`. */
  readonly zoom: string;
  /** First row of the window. */
  readonly row: string;
  readonly show: string;
}

const VIEW_FIELDS = ['span', 'find', 'only', 'min', 'fold', 'zoom', 'row', 'show'] as const;

export const WINDOW_ROWS = 1_000;

export function readTraceView(params: URLSearchParams): TraceView {
  const view = Object.fromEntries(
    VIEW_FIELDS.map((field) => [field, (params.get(field) ?? '').slice(0, 4_000).trim()]),
  );
  return view as unknown as TraceView;
}

/** Returns the address of a trace's page, with some of its state replaced. */
export function traceUrl(
  traceId: string,
  view: Partial<TraceView> = {},
  changes: Partial<TraceView> = {},
): string {
  const merged = { ...view, ...changes };
  const params = new URLSearchParams();
  for (const field of VIEW_FIELDS) if (merged[field]) params.set(field, merged[field]);
  const query = params.toString();
  const hash = changes.span ? `#r${onlyWord(changes.span)}` : '';
  return `/trace/${onlyWord(traceId)}${query && `?${query}`}${hash}`;
}

/** Drops what no id has: forged ids must not lead elsewhere. */
function onlyWord(id: string): string {
  return id.replace(/\W+/g, '');
}

/** A trace as a page shows it. */
export interface TraceModel {
  readonly trace: StoredTrace;
  readonly view: TraceView;
  readonly waterfall: Waterfall;
  readonly selected: SpanNode | undefined;
  /** Rows of all windows: not folded, not filtered out. */
  readonly rows: readonly WaterfallRow[];
  /** Rows of the current window. */
  readonly shown: readonly WaterfallRow[];
  readonly firstRow: number;
  readonly hits: ReadonlySet<WaterfallRow>;
  readonly folded: ReadonlySet<string>;
  /** The part of time that the bars show. */
  readonly from: number;
  readonly to: number;
}

export function createTraceModel(trace: StoredTrace, view: TraceView): TraceModel {
  const waterfall = layOutTrace(trace);
  const folded = new Set(view.fold.split('.').filter(Boolean));
  const hits = new Set(view.find ? waterfall.rows.filter(createRowMatcher(view.find)) : []);
  const rows = filterRows(waterfall.rows, folded, hits, view);
  const selected = waterfall.byId.get(view.span);
  // The selected span decides the window, so that a link to it always shows it.
  const at = view.row === '' ? rows.findIndex((row) => isRowOf(row, selected)) : Number(view.row);
  const window = Number.isInteger(at) && at > 0 ? Math.floor(at / WINDOW_ROWS) : 0;
  const firstRow = window * WINDOW_ROWS;
  const shown = rows.slice(firstRow, firstRow + WINDOW_ROWS);
  return { trace, view, waterfall, selected, rows, shown, firstRow, hits, folded, ...zoom() };

  function zoom() {
    const { start, end } = waterfall;
    const [a = Number.NaN, b = Number.NaN] = view.zoom.split('-').map(Number);
    const isValid = a < b && a < end - start;
    return isValid ? { from: start + a, to: start + b } : { from: start, to: end };
  }
}

function isRowOf(row: WaterfallRow, node: SpanNode | undefined): boolean {
  return row.kind === 'span' && row.node === node;
}

function filterRows(
  rows: readonly WaterfallRow[],
  folded: ReadonlySet<string>,
  hits: ReadonlySet<WaterfallRow>,
  { only, find, min }: TraceView,
): readonly WaterfallRow[] {
  const minMillis = min ? parseMillis(min) : undefined;
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return rows.filter((row) => {
    if (row.depth > hiddenBelow) return false;
    hiddenBelow =
      row.kind === 'span' && folded.has(row.node.id) ? row.depth : Number.POSITIVE_INFINITY;
    if (only && find && !hits.has(row)) return false;
    if (minMillis === undefined) return true;
    return row.kind === 'span' && row.node.duration >= minMillis;
  });
}

/** Returns a test for rows whose name, attributes, events or log text contain a string. */
export function createRowMatcher(find: string): (row: WaterfallRow) => boolean {
  const needle = find.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(needle);
  const hasIn = (attributes: object | undefined) =>
    Object.entries(attributes ?? {}).some(
      ([key, value]) => has(key) || has(valueText(value)) || has(`${key}=${valueText(value)}`),
    );
  return (row) => {
    if (row.kind === 'log') return has(logText(row.record)) || hasIn(row.record.attributes);
    const { span, id, service } = row.node;
    if (has(span.name) || has(service) || id === needle || hasIn(span.attributes)) return true;
    return span.events.some(({ name, attributes }) => has(name) || hasIn(attributes));
  };
}
