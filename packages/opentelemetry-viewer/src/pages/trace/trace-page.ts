import { millisOf } from '../../store/index.ts';
import {
  attr,
  esc,
  formatCount,
  formatIso,
  formatMetricValue,
  formatMillis,
  formatTime,
  renderLayout,
  shorten,
} from '../page/index.ts';
import {
  httpStatus,
  logSeverity,
  logText,
  noteTrace,
  renderSpanStatistics,
  type SpanNode,
  serviceClass,
  shortSubject,
  spanProblem,
  spanTitle,
  type WaterfallRow,
} from '../spans/index.ts';
import { renderSpanDetail } from './span-detail.ts';
import { type TraceModel, traceUrl, WINDOW_ROWS } from './trace-view.ts';

const MAX_DEPTH_CLASS = 24;
const MINIMAP_ROWS = 25;

export function renderTracePage(model: TraceModel): string {
  const { trace, waterfall } = model;
  const root = waterfall.roots[0];
  const title = root ? spanTitle(root.span) : `Trace ${trace.traceId.slice(0, 8)}`;
  return renderLayout({
    title,
    section: 'traces',
    main: `<div id="results">${renderHead(model, title)}${renderNotes(model)}${renderTools(model)}
${model.view.show === 'statistics' ? renderSpanStatistics(waterfall) : renderWaterfall(model)}</div>`,
    live: trace.traceId,
  });
}

function renderHead({ trace, waterfall, view }: TraceModel, title: string): string {
  const { traceId, spans, logs, droppedSpans } = trace;
  const { nodes, start, end, services, roots } = waterfall;
  const errors = nodes.filter(({ isError }) => isError).length;
  const status = roots[0] && httpStatus(roots[0].span);
  const legend = services.map((service) => {
    const own = nodes.filter((node) => node.service === service);
    return `<li><i class="dot ${serviceClass(service)}"></i>${esc(shorten(service, 100))} <small>${own.length}</small></li>`;
  });
  const orphanCount = roots.filter(({ span }) => span.parentSpanContext !== undefined).length;
  const orphans = orphanCount > 0 ? ` · ${formatCount(orphanCount, 'span')} without a parent` : '';
  const dropped = droppedSpans > 0 ? ` · ${formatCount(droppedSpans, 'span')} dropped` : '';
  return `<header class="head"><h1>${esc(shorten(title, 200))}${status ? ` <span class="status h${esc(status[0])}">${esc(status)}</span>` : ''}</h1>
<p class="facts"><strong>${formatMillis(end - start)}</strong> · ${formatCount(spans.length, 'span')}${dropped}${orphans} · ${formatCount(logs.length, 'log record')} · <span${attr('class', errors > 0 && 'bad')}>${formatCount(errors, 'error')}</span> · <time datetime="${formatIso(start)}">${formatTime(start)}</time> · <code class="copy">${esc(traceId)}</code></p>
<ul class="legend">${legend.join('')}<li><i class="dot path"></i>critical path</li></ul>
<p class="actions"><a href="${esc(traceUrl(traceId, view, { show: view.show === 'statistics' ? '' : 'statistics' }))}">${view.show === 'statistics' ? 'Waterfall' : 'Statistics'}</a><a href="/compare?a=${esc(traceId)}&amp;b=usual">Compare with the usual</a><a href="/trace/${esc(traceId)}.txt">Text</a><a href="/trace/${esc(traceId)}.json" download>Save OTLP JSON</a></p></header>`;
}

const NOTE_NAMES = {
  repeated: 'N+1',
  'slow-statement': 'Slow',
  gap: 'Gap',
  'late-span': 'Late',
  'missing-parent': 'Missing',
  skew: 'Clock',
} as const;

function renderNotes({ trace, waterfall }: TraceModel): string {
  const notes = noteTrace(waterfall);
  if (notes.length === 0) return '';
  const items = notes.map(
    ({ kind, message, spanId }) =>
      `<li><a href="${esc(traceUrl(trace.traceId, {}, { span: spanId }))}"><span class="badge slow">${NOTE_NAMES[kind]}</span> ${esc(message)}</a></li>`,
  );
  return `<ul class="notes" aria-label="Notes">${items.join('')}</ul>`;
}

function renderTools(model: TraceModel): string {
  const { trace, view, hits, waterfall, selected } = model;
  if (view.show === 'statistics') return '';
  const { traceId } = trace;
  const error = nextError(waterfall.nodes, selected);
  const count = view.find ? `<output>${formatCount(hits.size, 'match', 'matches')}</output>` : '';
  const hidden = (['fold', 'zoom'] as const)
    .filter((name) => view[name])
    .map((name) => `<input type="hidden" name="${name}" value="${esc(view[name])}">`);
  return `<form class="tools" id="tools" action="/trace/${esc(traceId)}" aria-label="Find in the trace">
<label><span class="unseen">Find in the trace</span><input name="find" value="${esc(view.find)}" placeholder="Find in the trace" data-search autocomplete="off" spellcheck="false"></label>${count}
<label class="check"><input type="checkbox" name="only" value="1"${attr('checked', view.only !== '')}>Matches only</label>
<label>Hide shorter than <input class="short" name="min" value="${esc(view.min)}" placeholder="1ms" autocomplete="off"></label>${hidden.join('')}
<button>Apply</button>${error ? `<a id="next-error" href="${esc(traceUrl(traceId, view, { span: error.id, row: '' }))}">Next error</a>` : ''}${view.zoom || view.fold || view.find || view.min ? `<a href="/trace/${esc(traceId)}">Show all</a>` : ''}
<p class="keys scripted" aria-hidden="true"><kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open <kbd>x</kbd> fold <kbd>e</kbd> next error <kbd>/</kbd> find</p></form>`;
}

function nextError(nodes: readonly SpanNode[], selected?: SpanNode): SpanNode | undefined {
  const errors = nodes.filter(({ isError }) => isError);
  return errors[(selected ? errors.indexOf(selected) + 1 : 0) % errors.length];
}

function renderWaterfall(model: TraceModel): string {
  const { shown, rows, waterfall, selected, firstRow, view, trace } = model;
  const critical = Map.groupBy(waterfall.criticalPath, ({ id }) => id);
  const html = shown.map((row) => {
    if (row.kind === 'log') return renderLogRow(row, model);
    const line = renderSpanRow(row, model, critical.get(row.node.id) ?? []);
    if (row.node !== selected) return line;
    return `${line}\n<li class="detail" id="detail">${renderSpanDetail(selected, model)}</li>`;
  });
  const link = (text: string, to: number) =>
    `<a href="${esc(traceUrl(trace.traceId, view, { row: String(to), span: '' }))}">${text}</a>`;
  const pager =
    rows.length > WINDOW_ROWS
      ? `<nav class="pager" aria-label="Rows">${firstRow > 0 ? link('← Previous', firstRow - WINDOW_ROWS) : ''}<span>Rows ${formatMetricValue(firstRow + 1)}–${formatMetricValue(firstRow + shown.length)} of ${formatMetricValue(rows.length)}</span>${firstRow + WINDOW_ROWS < rows.length ? link('Next →', firstRow + WINDOW_ROWS) : ''}</nav>`
      : '';
  const hidden = waterfall.rows.length - rows.length;
  return `${renderMinimap(model)}${pager}
<div class="axis row" aria-hidden="true"><span class="label">Span</span><span class="num">Duration</span><span class="num self">Self</span>${renderAxis(model)}</div>
<ol class="waterfall" id="waterfall">${html.join('\n')}</ol>${hidden > 0 ? `<p class="hint">${formatCount(hidden, 'row')} hidden by folding or filters.</p>` : ''}${pager}`;
}

function renderAxis({ from, to, waterfall }: TraceModel): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const millis = from - waterfall.start + (to - from) * share;
    return `<span>${formatMillis(millis)}</span>`;
  });
  return `<span class="ticks">${ticks.join('')}</span>`;
}

const SCALE = 1_000;

function position(time: number, { from, to }: Pick<TraceModel, 'from' | 'to'>): number {
  const share = to > from ? (time - from) / (to - from) : 0;
  return Math.min(SCALE, Math.max(0, share * SCALE));
}

type SpanRow = Extract<WaterfallRow, { kind: 'span' }>;
type LogRow = Extract<WaterfallRow, { kind: 'log' }>;

function renderSpanRow(
  row: SpanRow,
  model: TraceModel,
  critical: readonly { readonly start: number; readonly end: number }[],
): string {
  const { depth, node } = row;
  const { id, span, service, isError, children, duration, self, parent, start, end } = node;
  const { trace, view, hits, folded, selected } = model;
  const isOpen = node === selected;
  const href = traceUrl(trace.traceId, view, { span: isOpen ? '' : id, row: '' });
  const style = [
    'row',
    `d${Math.min(depth, MAX_DEPTH_CLASS)}`,
    isError && 'failed',
    hits.has(row) && 'hit',
    critical.length > 0 && 'critical',
  ];
  const isNewService = parent?.service !== service;
  const problem = spanProblem(span);
  const subject = shortSubject(span);
  // The path is in the title or beside the name.
  const name = subject === undefined ? spanTitle(span) : span.name;
  const note = problem ?? subject;
  const status = httpStatus(span);
  const from = position(start, model);
  const width = Math.max(1.5, position(end, model) - from);
  const path = critical.map((segment) => {
    const x = position(segment.start, model);
    return `<rect class="path" x="${x.toFixed(1)}" y="12" width="${(position(segment.end, model) - x).toFixed(1)}" height="1.5"/>`;
  });
  const events = span.events.map(({ time, name }) => {
    const x = position(millisOf(time), model).toFixed(1);
    return `<rect class="event${name === 'exception' ? ' bad' : ''}" x="${x}" y="1" width="2" height="12"/>`;
  });
  return `<li class="${style.filter(Boolean).join(' ')}" id="r${esc(id)}" data-depth="${depth}"><span class="label">${renderFold(node, folded, model)}<i class="dot ${serviceClass(service)}"></i><a href="${esc(href)}"${attr('aria-expanded', isOpen ? 'true' : undefined)}>${isNewService ? `<b>${esc(shorten(service, 100))}</b> ` : ''}${esc(shorten(name, 200))}${status ? ` <span class="status h${esc(status[0])}">${esc(status)}</span>` : ''}</a>${note ? ` <small${attr('class', problem !== undefined && 'bad')}>${esc(shorten(note, 160))}</small>` : ''}${children.length > 0 && folded.has(id) ? ' <small>folded</small>' : ''}</span><span class="num">${formatMillis(duration)}</span><span class="num self">${children.length > 0 ? formatMillis(self) : ''}</span><svg class="line" viewBox="0 0 ${SCALE} 14" preserveAspectRatio="none" aria-hidden="true"><rect class="${isError ? 'bad' : serviceClass(service)}" x="${from.toFixed(1)}" y="3" width="${width.toFixed(1)}" height="8"/>${path.join('')}${events.slice(0, 50).join('')}</svg></li>`;
}

function renderFold(
  { id, children, span }: SpanNode,
  folded: ReadonlySet<string>,
  model: TraceModel,
) {
  if (children.length === 0) return '<span class="fold"></span>';
  const isFolded = folded.has(id);
  const others = [...folded].filter((each) => each !== id);
  const fold = (isFolded ? others : [...others, id]).join('.');
  const href = traceUrl(model.trace.traceId, model.view, { fold, row: '' });
  return `<a class="fold" href="${esc(`${href}#r${id}`)}" aria-label="${isFolded ? 'Unfold' : 'Fold'} ${esc(shorten(span.name, 60))}" data-fold="${isFolded ? 'closed' : 'open'}">${isFolded ? '▸' : '▾'}</a>`;
}

function renderLogRow({ depth, record, time }: LogRow, model: TraceModel): string {
  const severity = logSeverity(record);
  const x = position(time, model).toFixed(1);
  return `<li class="row log d${Math.min(depth, MAX_DEPTH_CLASS)}" data-depth="${depth}"><span class="label"><span class="fold"></span><span class="severity ${severity.toLowerCase()}">${esc(severity)}</span> ${esc(shorten(logText(record), 300))}</span><span class="num">+${formatMillis(time - model.waterfall.start)}</span><span class="num self"></span><svg class="line" viewBox="0 0 ${SCALE} 14" preserveAspectRatio="none" aria-hidden="true"><rect class="logmark" x="${x}" y="2" width="3" height="10"/></svg></li>`;
}

/** Draws all spans at a glance, and marks the zoomed part of the time. */
function renderMinimap({ waterfall, from, to, trace, view }: TraceModel): string {
  const { rows, start, end } = waterfall;
  if (rows.length < MINIMAP_ROWS && view.zoom === '') return '';
  const spans = rows.filter((row) => row.kind === 'span');
  const every = Math.ceil(spans.length / 400);
  const height = 60;
  const scale = { from: start, to: end };
  const bars = spans
    .filter((_, index) => index % every === 0)
    .map(({ node }, index, { length }) => {
      const x = position(node.start, scale);
      const width = Math.max(1.5, position(node.end, scale) - x);
      return `<rect class="${node.isError ? 'bad' : serviceClass(node.service)}" x="${x.toFixed(1)}" y="${((index / length) * height).toFixed(1)}" width="${width.toFixed(1)}" height="${Math.min(4, Math.max(0.6, height / length)).toFixed(2)}"/>`;
    });
  const x = position(from, scale);
  const window = `<rect class="window" x="${x.toFixed(1)}" y="0" width="${(position(to, scale) - x).toFixed(1)}" height="${height}"/>`;
  return `<figure class="minimap"><svg id="minimap" viewBox="0 0 ${SCALE} ${height}" preserveAspectRatio="none" role="img" aria-label="All spans over the whole trace" data-millis="${end - start}">${view.zoom ? window : ''}${bars.join('')}</svg>${view.zoom ? `<figcaption><a href="${esc(traceUrl(trace.traceId, view, { zoom: '' }))}">Show the whole time</a></figcaption>` : '<figcaption class="scripted">Drag to zoom.</figcaption>'}</figure>`;
}
