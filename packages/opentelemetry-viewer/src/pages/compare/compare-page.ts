import type { TraceStore } from '../../store/index.ts';
import { attr, esc, formatCount, formatMillis, renderLayout, shorten } from '../page/index.ts';
import { layOutTrace, serviceClass, spanTitle } from '../spans/index.ts';
import { traceUrl } from '../trace/index.ts';
import { compareTotals, findUsual, totalSpans } from './compare-traces.ts';

/** Compares trace `a` with trace `b`, or with the usual trace of its route when b is `usual`. */
export function comparePair(store: TraceStore, a: string, b: string) {
  const trace = store.getTrace(a);
  if (!trace) return undefined;
  if (b === 'usual') {
    const { totals, traces } = findUsual(store, trace);
    return { usualOf: traces, rows: compareTotals(totals, totalSpans(trace)) };
  }
  const other = store.getTrace(b);
  return other && { usualOf: undefined, rows: compareTotals(totalSpans(trace), totalSpans(other)) };
}

export type Comparison = NonNullable<ReturnType<typeof comparePair>>;

export function renderComparePage(
  store: TraceStore,
  ids: { readonly a: string; readonly b: string },
  comparison: Comparison | undefined,
): string {
  const form = `<form class="search" action="/compare" aria-label="Traces to compare"><label class="grow"><span>Trace A</span><input name="a" value="${esc(ids.a)}" required autocomplete="off" spellcheck="false"></label><label class="grow"><span>Trace B, or “usual”</span><input name="b" value="${esc(ids.b)}" required autocomplete="off" spellcheck="false"></label><p class="go"><button class="primary">Compare</button></p></form>`;
  return renderLayout({
    title: 'Compare',
    section: 'traces',
    main: `<h1>Compare traces</h1>${form}<div id="results">${comparison ? renderComparison(store, ids, comparison) : ids.a ? '<p class="problem">One of the traces is not kept.</p>' : ''}</div>`,
  });
}

function renderComparison(
  store: TraceStore,
  { a, b }: { readonly a: string; readonly b: string },
  { usualOf, rows }: Comparison,
): string {
  // The usual is always on the left, so that "more" means more than usual.
  const [left, right] =
    usualOf === undefined
      ? [traceLink(store, a), traceLink(store, b)]
      : [`the median of ${formatCount(usualOf, 'other trace')} of its route`, traceLink(store, a)];
  const [nameA, nameB] = usualOf === undefined ? ['A', 'B'] : ['usual', 'here'];
  if (usualOf === 0) return '<p>No other trace of this route is kept.</p>';
  const lines = rows.map(({ service, name, countA, countB, totalA, totalB, difference }) => {
    const sign = difference > 0 ? '+' : difference < 0 ? '−' : '';
    const isSmall = Math.abs(difference) < Math.max(1, totalA * 0.2);
    return `<tr><td class="name"><i class="dot ${serviceClass(service)}"></i>${esc(service)} ${esc(shorten(name, 200))}</td><td class="num">${countA}</td><td class="num">${formatMillis(totalA)}</td><td class="num">${countB}</td><td class="num">${formatMillis(totalB)}</td><td class="num"><span${attr('class', isSmall ? undefined : difference > 0 ? 'more' : 'less')}>${sign}${formatMillis(Math.abs(difference))}</span></td></tr>`;
  });
  return `<p>From ${left} to ${right}.</p><div class="scroll" tabindex="0" role="group" aria-label="Differences"><table class="compare"><thead><tr><th scope="col">Span</th><th scope="col" class="num">Count ${nameA}</th><th scope="col" class="num">Total ${nameA}</th><th scope="col" class="num">Count ${nameB}</th><th scope="col" class="num">Total ${nameB}</th><th scope="col" class="num">Difference</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function traceLink(store: TraceStore, traceId: string): string {
  const trace = store.getTrace(traceId);
  const root = trace && layOutTrace(trace).roots[0];
  const text = root ? `${spanTitle(root.span)} ${formatMillis(root.duration)}` : traceId;
  return `<a href="${esc(traceUrl(traceId))}">${esc(text)}</a>`;
}
