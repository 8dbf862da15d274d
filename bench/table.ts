import type { RuntimeResults } from './results.ts';

/** Share of requests sent too late, from which on latencies are not the server's alone. */
const MUCH_LATE = 0.01;
const HEAD = ['CPU us/request', 'over plain', 'p50 ms', 'p90', 'p99', 'peak MB', 'spans'];

/** A table in Markdown, for people and for README.md. */
export function renderTable(runtime: string, { version, variants }: RuntimeResults): string {
  const plain = variants.plain?.figures?.micros ?? Number.NaN;
  const rows = Object.entries(variants).map(([name, { figures, ...spans }]) => [
    name,
    ...(figures
      ? [
          `${figures.micros.toFixed(1)} (${figures.lower.toFixed(1)} to ${figures.upper.toFixed(1)})`,
          name === 'plain' ? '' : signed(figures.micros - plain),
          ...[figures.p50, figures.p90, figures.p99].map((millis) =>
            figures.late > MUCH_LATE ? `(${millis.toFixed(2)})` : millis.toFixed(2),
          ),
          figures.peak.toFixed(0),
        ]
      : ['', '', '', '', '', '']),
    spansText(spans),
  ]);
  const head = [`${runtime} ${version}`, ...HEAD];
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
