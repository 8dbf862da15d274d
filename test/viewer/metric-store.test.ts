import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { decodeMetrics, parseExportRequest } from '../../exporters/otlp/decode/index.ts';
import { createMemoryMetricStore } from '../../packages/opentelemetry-viewer/src/store/memory-metric-store.ts';
import type { MetricStore } from '../../packages/opentelemetry-viewer/src/store/metric-store.ts';
import { encodeExportRequest } from '../support/otlp-definitions.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const time = (seconds: number) => `${1_795_000_000 + seconds}000000000`;

function exemplarOf(spanId: string, seconds = 0) {
  return { traceId, spanId, timeUnixNano: time(seconds), asDouble: 0.25 };
}

function add(store: MetricStore, metric: object): void {
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] };
  for (const metrics of decodeMetrics(request).records) store.addMetrics(metrics);
}

function histogram(count: number, exemplars: object[], aggregationTemporality = 2): object {
  const point = { timeUnixNano: time(count), count, sum: count, exemplars };
  const dataPoints = [{ ...point, bucketCounts: [count, 0], explicitBounds: [1] }];
  return { name: 'duration', histogram: { aggregationTemporality, dataPoints } };
}

test('a metric store keeps each exemplar of a series once, and the newest 20', () => {
  const store = createMemoryMetricStore();
  const exemplars = Array.from({ length: 30 }, (_, index) =>
    exemplarOf((index + 1).toString(16).padStart(16, '0'), index),
  );
  add(store, histogram(1, exemplars));
  add(store, histogram(2, exemplars.slice(-1)));
  const [series] = store.find('duration');
  expect(series?.points).toHaveLength(2);
  expect(series?.exemplars).toHaveLength(20);
  expect(series?.exemplars.at(-1)).toEqual({
    traceId,
    spanId: '000000000000001e',
    time: 1_795_000_029_000,
    value: 0.25,
  });
});

test('a metric store leaves out exemplars without a span', () => {
  const store = createMemoryMetricStore();
  add(store, histogram(1, [{ timeUnixNano: time(1), asDouble: 1 }, exemplarOf('forged')]));
  expect(store.find()[0]?.exemplars).toEqual([]);
});

test('a metric store adds up delta points', () => {
  const store = createMemoryMetricStore();
  add(store, histogram(2, [], 1));
  add(store, histogram(3, [], 1));
  expect(store.find()[0]?.points.at(-1)).toMatchObject({ value: 5, sum: 5, counts: [5, 0] });
});

test('a metric store keeps the extremes of a histogram, unless they are not numbers', () => {
  const store = createMemoryMetricStore();
  const withExtremes = (min: unknown, max: unknown) => {
    const point = { timeUnixNano: time(1), count: 2, sum: 3, min, max };
    const dataPoints = [{ ...point, bucketCounts: [2, 0], explicitBounds: [5] }];
    return { name: 'duration', histogram: { aggregationTemporality: 1, dataPoints } };
  };
  add(store, withExtremes(1, 2));
  add(store, withExtremes(0.5, 1.5));
  expect(store.find()[0]?.points.at(-1)).toMatchObject({ min: 0.5, max: 2 });
  add(store, withExtremes('NaN', 'Infinity'));
  expect(store.find()[0]?.points.at(-1)).toMatchObject({ min: undefined, max: undefined });
});

test('a metric store counts the series beyond its limit', () => {
  const store = createMemoryMetricStore();
  const dataPoints = Array.from({ length: 501 }, (_, index) => ({
    asInt: '1',
    attributes: [{ key: 'id', value: { intValue: `${index}` } }],
  }));
  add(store, { name: 'hits', gauge: { dataPoints } });
  expect(store.stats()).toEqual({ series: 500, points: 500, droppedSeries: 1 });
});

test.each(['gauge', 'sum', 'histogram', 'exponentialHistogram'])(
  'decodes exemplars of a %s in protobuf, as the official definitions encode them',
  (kind) => {
    const exemplars = [
      {
        traceId: Buffer.from(traceId, 'hex'),
        spanId: Buffer.from('00f067aa0ba902b7', 'hex'),
        timeUnixNano: time(0),
        asInt: -3,
        filteredAttributes: [{ key: 'user', value: { stringValue: 'milk' } }],
      },
    ];
    const metric = { name: 'metric', [kind]: { dataPoints: [{ exemplars }] } };
    const request = { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] };
    const body = encodeExportRequest('metrics', request);
    const [decoded] = decodeMetrics(parseExportRequest('metrics', body, 'protobuf')).records;
    expect(decoded?.scopeMetrics[0]?.metrics[0]?.dataPoints[0]).toMatchObject({
      exemplars: [
        {
          traceId,
          spanId: '00f067aa0ba902b7',
          timestamp: [1_795_000_000, 0],
          value: -3,
          filteredAttributes: { user: 'milk' },
        },
      ],
    });
  },
);

test('a metric store drops and counts a series with too long names or attributes', () => {
  const store = createMemoryMetricStore();
  const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(20_000) } }];
  add(store, { name: 'long', gauge: { dataPoints: [{ asInt: '1', attributes }] } });
  add(store, { name: 'y'.repeat(20_000), gauge: { dataPoints: [{ asInt: '1' }] } });
  expect(store.stats()).toEqual({ series: 0, points: 0, droppedSeries: 2 });
});

test('a metric store keeps count and sum of a histogram with too many buckets', () => {
  const store = createMemoryMetricStore();
  const bucketCounts = new Array(2_000).fill(1);
  const point = { timeUnixNano: time(1), count: 2_000, sum: 5, bucketCounts };
  const explicitBounds = bucketCounts.slice(1).map((_, index) => index);
  add(store, { name: 'h', histogram: { dataPoints: [{ ...point, explicitBounds }] } });
  expect(store.find('h')[0]?.points).toEqual([{ time: 1_795_000_001_000, value: 2_000, sum: 5 }]);
});

test('a metric store drops the oldest points when all points have too many numbers', () => {
  const store = createMemoryMetricStore();
  const bucketCounts = new Array(1_000).fill(1);
  const explicitBounds = bucketCounts.slice(1).map((_, index) => index);
  for (let index = 0; index < 10; index++) {
    const dataPoints = Array.from({ length: 250 }, (_, second) => ({
      timeUnixNano: time(second),
      count: 1_000,
      bucketCounts,
      explicitBounds,
    }));
    add(store, { name: `h${index}`, histogram: { dataPoints } });
  }
  const { series, points } = store.stats();
  expect(series).toBe(10);
  expect(points).toBeLessThanOrEqual(4_194_304 / 2_000 + series);
});
