import { overheadOf } from './overhead.ts';
import type { RuntimeResults } from './results.ts';

/** Share of requests sent late at which the load generator distorts the latencies. */
const MUCH_LATE = 0.01;

/** Renders a Markdown table, for the terminal and for README.md. */
export function renderTable(runtime: string, results: RuntimeResults): string {
  const { version, rate, variants } = results;
  const head = [
    `${runtime} ${version}`,
    ...['saturated', 'over plain', 'of peer'],
    ...[`at ${rate}/s`, 'over plain', 'of peer', 'p50 ms', 'p90', 'p99'],
    ...['other threads', 'peak MB', 'spans'],
  ];
  const rows = Object.entries(variants).map(([name, { figures, ...spans }]) => {
    if (figures === undefined) return [name, ...Array(11).fill(''), spansText(spans)];
    const { saturated, fixed, peak } = figures;
    const over = (load: 'saturated' | 'fixed') => {
      const { micros, ofPeer } = overheadOf(name, variants, load);
      return name === 'plain' ? ['', ''] : [signed(micros), ratio(ofPeer)];
    };
    return [
      name,
      `${saturated.micros.toFixed(1)} (${saturated.lower.toFixed(1)} to ${saturated.upper.toFixed(1)})`,
      ...over('saturated'),
      fixed.micros.toFixed(1),
      ...over('fixed'),
      ...[fixed.p50, fixed.p90, fixed.p99].map((millis) =>
        fixed.late > MUCH_LATE ? `(${millis.toFixed(2)})` : millis.toFixed(2),
      ),
      saturated.otherThreads.toFixed(1),
      peak.toFixed(0),
      spansText(spans),
    ];
  });
  return renderRows(head, rows);
}

/** Renders a Markdown table with aligned columns. */
export function renderRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) =>
    Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

function spansText({
  expected,
  received,
  dropped = 0,
}: {
  expected: number;
  received: number;
  dropped?: number;
}): string {
  if (expected === received) return expected === 0 ? 'none' : `${received} of ${expected}`;
  const lost = `${received} of ${expected}, ${((1 - received / expected) * 100).toFixed(1)} % lost`;
  return dropped > 0 ? `${lost}, says ${dropped}` : lost;
}

function signed(micros: number): string {
  return `${micros < 0 ? '' : '+'}${micros.toFixed(1)}`;
}

function ratio(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '';
}
