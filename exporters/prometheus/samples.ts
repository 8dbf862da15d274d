import type { Histogram } from '@opentelemetry/sdk-metrics';
import type { Exemplar } from '../exporter.ts';
import type { PageFormat } from './negotiate-format.ts';

/**
 * Formats the samples of one histogram: its cumulative buckets, its sum and its count. OpenMetrics has the
 * latest exemplar of each bucket.
 */
export function formatHistogram(
  name: string,
  labels: string,
  { buckets: { boundaries, counts }, sum, count }: Histogram,
  format: PageFormat,
  exemplars: readonly Exemplar[] = [],
): string[] {
  const before = labels && `${labels},`;
  const lines: string[] = [];
  let cumulative = 0;
  let lowerBound = Number.NEGATIVE_INFINITY;
  function bucket(bound: number, count: number): string {
    const sample = `${name}_bucket{${before}le="${formatBound(bound)}"} ${count}`;
    const latest = exemplars.findLast(({ value }) => value > lowerBound && value <= bound);
    lowerBound = bound;
    return format === 'openmetrics' && latest ? sample + formatExemplar(latest) : sample;
  }

  for (const [index, bound] of boundaries.entries()) {
    if (bound === Number.POSITIVE_INFINITY) break;
    cumulative += counts[index] ?? 0;
    lines.push(bucket(bound, cumulative));
  }
  lines.push(bucket(Number.POSITIVE_INFINITY, count));
  // OpenMetrics allows neither sum nor count for negative observations, whose sum may decrease.
  const canDecrease = sum === undefined || (boundaries[0] ?? 0) < 0;
  if (format === 'openmetrics' && canDecrease) return lines;
  if (sum !== undefined) lines.push(`${name}_sum{${labels}} ${formatNumber(sum)}`);
  lines.push(`${name}_count{${labels}} ${count}`);
  return lines;
}

/** @see https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars */
function formatExemplar({ value, traceId, spanId, timestamp: [seconds, nanos] }: Exemplar): string {
  const ids = traceId && spanId ? `trace_id="${traceId}",span_id="${spanId}"` : '';
  return ` # {${ids}} ${formatNumber(value)} ${seconds}.${String(nanos).padStart(9, '0')}`;
}

/** Formats a number, including infinities. */
export function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/**
 * Formats the bound of a bucket like Go: `1.0`, `1e+06`, `0.005`. OpenMetrics requires it because the bound
 * is part of the identity of a time series.
 */
function formatBound(bound: number): string {
  const magnitude = Math.abs(bound);
  if (!Number.isFinite(bound)) return formatNumber(bound);
  if (magnitude >= 1e6 || (magnitude < 1e-4 && magnitude > 0)) {
    return bound.toExponential().replace(/(?<=e[+-])\d$/, '0$&');
  }
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
