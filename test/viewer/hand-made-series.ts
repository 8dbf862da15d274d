import type { MetricSeries } from '../../packages/opentelemetry-viewer/src/store/metric-store.ts';
import { NOON } from './page-spans.ts';

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Makes the duration histogram of a route: each point adds `counts` to the one before. */
export function makeRouteSeries(
  route: string,
  counts: readonly number[],
  { points = 30, status = '200', start = NOON } = {},
): MetricSeries {
  const perPoint = counts.reduce((sum, count) => sum + count, 0);
  return {
    service: 'todo',
    scope: 'hono-opentelemetry',
    name: 'http.server.request.duration',
    description: 'Duration of HTTP server requests.',
    unit: 's',
    kind: 'histogram',
    isMonotonic: true,
    attributes: {
      'http.request.method': 'GET',
      'http.route': route,
      'http.response.status_code': status,
    },
    points: Array.from({ length: points }, (_, index) => ({
      time: start + index * 10_000,
      value: perPoint * (index + 1),
      // Each value is the bound of its bucket.
      sum: (index + 1) * counts.reduce((sum, count, at) => sum + count * (BOUNDS[at] ?? 2), 0),
      bounds: BOUNDS,
      counts: counts.map((count) => count * (index + 1)),
    })),
    exemplars: [],
  };
}

export function makeGauge(name: string, values: readonly number[], start = NOON): MetricSeries {
  return {
    service: 'todo',
    scope: 'runtime',
    name,
    description: '',
    unit: 'By',
    kind: 'gauge',
    isMonotonic: false,
    attributes: {},
    points: values.map((value, index) => ({ time: start + index * 10_000, value })),
    exemplars: [],
  };
}
