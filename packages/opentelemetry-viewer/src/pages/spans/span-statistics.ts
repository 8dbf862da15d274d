import { esc, formatMetricValue, formatMillis, shorten } from '../page/index.ts';
import { serviceClass } from './span-facts.ts';
import type { SpanNode, Waterfall } from './waterfall.ts';

/** Spans of one name of one service, added up. */
export interface SpanGroup {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly errors: number;
  readonly total: number;
  readonly self: number;
  readonly longest: SpanNode;
}

/** Adds up the spans of a trace by service and name, the largest self time first. */
export function groupSpans(nodes: readonly SpanNode[]): readonly SpanGroup[] {
  const groups = Map.groupBy(nodes, ({ service, span }) => `${service}\n${span.name}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const longest = group.reduce((a, b) => (b.duration > a.duration ? b : a), first);
      return {
        service: first.service,
        name: first.span.name,
        count: group.length,
        errors: group.filter(({ isError }) => isError).length,
        total: group.reduce((sum, { duration }) => sum + duration, 0),
        self: group.reduce((sum, { self }) => sum + self, 0),
        longest,
      };
    })
    .sort((a, b) => b.self - a.self);
}

export function renderSpanStatistics({ nodes, start, end }: Waterfall): string {
  const whole = Math.max(0.001, end - start);
  const rows = groupSpans(nodes).map(
    ({ service, name, count, errors, total, self, longest }) =>
      `<tr><td class="name"><i class="dot ${serviceClass(service)}"></i>${esc(service)} ${esc(shorten(name, 200))}</td><td class="num">${formatMetricValue(count)}</td><td class="num">${errors || ''}</td><td class="num">${formatMillis(total)}</td><td class="num">${formatMillis(self)}</td><td class="num">${((self / whole) * 100).toFixed(1)} %</td><td class="num">${formatMillis(total / count)}</td><td class="num"><a href="?span=${esc(longest.id)}#r${esc(longest.id)}">${formatMillis(longest.duration)}</a></td></tr>`,
  );
  return `<div class="scroll" tabindex="0" role="group" aria-label="Statistics"><table class="stats"><thead><tr><th scope="col">Span</th><th scope="col" class="num">Count</th><th scope="col" class="num">Errors</th><th scope="col" class="num">Total</th><th scope="col" class="num">Self</th><th scope="col" class="num">Share</th><th scope="col" class="num">Mean</th><th scope="col" class="num">Longest</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
