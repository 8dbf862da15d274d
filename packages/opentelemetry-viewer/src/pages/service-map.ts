import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { isError, serviceOf, type TraceStore } from '../store/index.ts';
import { esc, formatCount, formatMetricValue, formatMillis, renderLayout } from './page/index.ts';
import { searchUrl } from './search/index.ts';
import { isCall, serviceClass, spanMillis } from './spans/index.ts';

const MAX_TRACES = 1_000;

/** Calls from one service to another. */
export interface ServiceEdge {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly errors: number;
  readonly totalMillis: number;
}

/** Services and databases as far as the newest traces show them. */
export interface ServiceMap {
  readonly services: readonly string[];
  readonly edges: readonly ServiceEdge[];
}

/** Counts calls whose parent span belongs to another service, and statements by database. */
export function mapServices(store: TraceStore): ServiceMap {
  const edges = new Map<
    string,
    { from: string; to: string; count: number; errors: number; totalMillis: number }
  >();
  const services = new Set<string>();
  for (const { traceId } of store.findTraces({ limit: MAX_TRACES }).traces) {
    const spans = store.getTrace(traceId)?.spans ?? [];
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    for (const span of spans) {
      const service = serviceOf(span);
      services.add(service);
      const parent = byId.get(span.parentSpanContext?.spanId ?? '');
      const caller = parent && serviceOf(parent);
      if (caller && caller !== service && isCall(parent, span)) count(caller, service, span);
      const database = span.attributes['db.system.name'] ?? span.attributes['db.system'];
      if (database) count(service, `${database}`, span);
    }
  }
  for (const { to } of edges.values()) services.add(to);
  return { services: [...services], edges: [...edges.values()] };

  function count(from: string, to: string, span: ReadableSpan) {
    const key = `${from}\n${to}`;
    const edge = edges.get(key) ?? { from, to, count: 0, errors: 0, totalMillis: 0 };
    edge.count += 1;
    edge.errors += isError(span) ? 1 : 0;
    edge.totalMillis += spanMillis(span);
    edges.set(key, edge);
  }
}

const COLUMN_WIDTH = 260;
const ROW_HEIGHT = 90;
const NODE_WIDTH = 150;

export function renderMapPage(map: ServiceMap): string {
  const { services, edges } = map;
  const rows = edges.map(
    ({ from, to, count, errors, totalMillis }) =>
      `<tr><td><i class="dot ${serviceClass(from)}"></i>${esc(from)}</td><td><i class="dot ${serviceClass(to)}"></i>${esc(to)}</td><td class="num">${formatMetricValue(count)}</td><td class="num">${formatMetricValue(errors)}</td><td class="num">${formatMillis(totalMillis / count)}</td></tr>`,
  );
  const main = `<h1>Service map</h1><div id="results">
<p class="hint">Calls between services and to databases in the newest ${formatMetricValue(MAX_TRACES)} traces.</p>
${services.length === 0 ? '<div class="empty"><p>No traces yet.</p></div>' : renderGraph(map)}
${edges.length > 0 ? `<table><thead><tr><th scope="col">Caller</th><th scope="col">Called</th><th scope="col" class="num">Calls</th><th scope="col" class="num">Errors</th><th scope="col" class="num">Mean</th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}</div>`;
  return renderLayout({ title: 'Service map', section: 'map', main, live: 'all' });
}

function renderGraph({ services, edges }: ServiceMap): string {
  const levels = rankServices({ services, edges });
  const columns = [...Map.groupBy(services, (service) => levels.get(service) ?? 0)].sort(
    ([a], [b]) => a - b,
  );
  const tallest = Math.max(...columns.map(([, column]) => column.length));
  const height = tallest * ROW_HEIGHT;
  const places = new Map<string, { x: number; y: number }>();
  for (const [index, [, column]] of columns.entries()) {
    const top = (height - column.length * ROW_HEIGHT) / 2;
    for (const [row, service] of column.entries()) {
      places.set(service, {
        x: 90 + index * COLUMN_WIDTH,
        y: top + row * ROW_HEIGHT + ROW_HEIGHT / 2,
      });
    }
  }
  const width = (columns.length - 1) * COLUMN_WIDTH + 180;
  const lines = edges.map(({ from, to, count, errors, totalMillis }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (!a || !b) return '';
    // Calls back to the left leave on the left, below those to the right.
    const isBack = b.x <= a.x;
    const side = (isBack ? -1 : 1) * (NODE_WIDTH / 2);
    const [x1, x2] = [a.x + side, b.x - side];
    const middle = (x1 + x2) / 2;
    const shift = isBack ? 12 : 0;
    const mean = formatMillis(totalMillis / count);
    return `<path class="edge" marker-end="url(#arrow)" d="M${x1} ${a.y + shift}C${middle} ${a.y + shift} ${middle} ${b.y + shift} ${x2} ${b.y + shift}"/><text class="count" x="${middle}" y="${(a.y + b.y) / 2 + (isBack ? 26 : -6)}">${formatCount(count, 'call')}, ${mean}</text>${errors > 0 ? `<text class="count bad" x="${middle}" y="${(a.y + b.y) / 2 + (isBack ? 40 : 16)}">${formatCount(errors, 'error')}</text>` : ''}`;
  });
  const nodes = services.map((service) => {
    const { x, y } = places.get(service) ?? { x: 0, y: 0 };
    const name = service.length > 18 ? `${service.slice(0, 17)}…` : service;
    return `<a href="${esc(searchUrl({ service }))}"><rect class="node" x="${x - NODE_WIDTH / 2}" y="${y - 20}" width="${NODE_WIDTH}" height="40" rx="8"/><rect class="${serviceClass(service)}" x="${x - NODE_WIDTH / 2}" y="${y - 20}" width="5" height="40" rx="2"/><text x="${x}" y="${y + 4}">${esc(name)}</text></a>`;
  });
  return `<div class="scroll" tabindex="0" role="group" aria-label="Map"><svg class="map" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${formatCount(services.length, 'service')}, ${formatCount(edges.length, 'connection')}"><defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>${lines.join('')}${nodes.join('')}</svg></div>`;
}

/** Ranks services by their distance from those that nothing calls. */
export function rankServices({ services, edges }: ServiceMap): ReadonlyMap<string, number> {
  const called = new Set(edges.map(({ to }) => to));
  const callees = Map.groupBy(edges, ({ from }) => from);
  const levels = new Map<string, number>();
  const roots = services.filter((service) => !called.has(service));
  // Services that only call each other in a circle have no root: the first one is taken.
  for (const root of [...roots, ...services]) {
    if (levels.has(root)) continue;
    levels.set(root, 0);
    const queue = [root];
    for (const service of queue) {
      for (const { to } of callees.get(service) ?? []) {
        if (levels.has(to)) continue;
        levels.set(to, (levels.get(service) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  return levels;
}
