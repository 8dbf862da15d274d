import type { Histogram as ApiHistogram, Attributes, Meter } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  MeterProvider,
  type MetricProducer,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdHistograms } from '../../src/telemetry/held-histograms.ts';

class Reader extends MetricReader {
  constructor(temporality: AggregationTemporality, metricProducers: MetricProducer[] = []) {
    super({ aggregationTemporalitySelector: () => temporality, metricProducers });
  }
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** What two SDKs must tell alike: not their clocks, nor the last digit of a sum. */
function comparable({ scopeMetrics }: ResourceMetrics, temporality: AggregationTemporality) {
  return scopeMetrics.map(({ scope, metrics }) => ({
    scope: { name: scope.name, version: scope.version },
    metrics: metrics.map(({ descriptor, dataPoints, dataPointType, aggregationTemporality }) => ({
      name: descriptor.name,
      unit: descriptor.unit,
      description: descriptor.description,
      valueType: descriptor.valueType,
      dataPointType,
      aggregationTemporality,
      points: (dataPoints as DataPoint<Histogram>[])
        .map(({ attributes, value: { min, max, sum, ...value } }) => ({
          attributes,
          ...value,
          sum: sum?.toFixed(6),
          // Of an interval the extremes are not known.
          extremes: temporality === AggregationTemporality.CUMULATIVE && [min, max],
        }))
        .sort((a, b) => (content(a.attributes) < content(b.attributes) ? -1 : 1)),
    })),
  }));
}

function content(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort());
}

/** The SDK's own histograms, and ours over an SDK of its own, for the same records. */
function bothWays(temporality: AggregationTemporality) {
  const sdkReader = new Reader(temporality);
  const histograms = holdHistograms();
  const heldReader = new Reader(temporality, [histograms.createProducer(temporality)]);
  const providers = [
    new MeterProvider({ readers: [sdkReader] }),
    histograms.extend(new MeterProvider({ readers: [heldReader] })),
  ];
  const collect = async (reader: Reader) =>
    comparable((await reader.collect()).resourceMetrics, temporality);
  return {
    instruments: (create: (meter: Meter) => ApiHistogram) =>
      providers.map((provider) => create(provider.getMeter('test', '1.0'))),
    collect: async () => [await collect(sdkReader), await collect(heldReader)],
  };
}

const temporalities = [
  ['cumulative', AggregationTemporality.CUMULATIVE],
  ['delta', AggregationTemporality.DELTA],
] as const;

describe.each(temporalities)('holdHistograms(), %s', (_, temporality) => {
  test('tells what the SDK tells of any records', async () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.constantFrom(0, 0.005, 1, 10, -1),
    );
    const attributes = fc.constantFrom<Attributes>(
      {},
      { a: 1 },
      { a: '1' },
      { a: 1, b: 'x' },
      { b: 'x', a: 1 },
      Object.freeze({ a: 1, b: 'x' }),
      { list: ['a', 'b'] },
    );
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(value, attributes) },
      { weight: 1, arbitrary: fc.constant('collect' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const { instruments, collect } = bothWays(temporality);
        const both = instruments((meter) =>
          meter.createHistogram('duration', {
            unit: 's',
            description: 'How long',
            advice: { explicitBucketBoundaries: [0.005, 0.1, 1, 10] },
          }),
        );
        for (const each of [...steps, 'collect' as const]) {
          if (each === 'collect') {
            const [sdk, held] = await collect();
            expect(held).toEqual(sdk);
          } else for (const instrument of both) instrument.record(...each);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('has the default buckets of the SDK', async () => {
    const { instruments, collect } = bothWays(temporality);
    for (const instrument of instruments((meter) => meter.createHistogram('size'))) {
      for (const value of [0, 5, 6, 1_000, 100_000]) instrument.record(value);
    }
    const [sdk, held] = await collect();
    expect(held).toEqual(sdk);
  });

  test('is one histogram, however often it is made', async () => {
    const { instruments, collect } = bothWays(temporality);
    for (let i = 0; i < 2; i++) {
      for (const instrument of instruments((meter) => meter.createHistogram('size'))) {
        instrument.record(1);
      }
    }
    const [sdk, held] = await collect();
    expect(held).toEqual(sdk);
    expect(held?.[0]?.metrics[0]?.points).toMatchObject([{ count: 2 }]);
  });

  test('puts what exceeds 2,000 series into one', async () => {
    const { instruments, collect } = bothWays(temporality);
    for (const instrument of instruments((meter) => meter.createHistogram('size'))) {
      for (let i = 0; i < 2_100; i++) instrument.record(1, { i });
    }
    const points = (await collect()).map((scopes) => scopes[0]?.metrics[0]?.points ?? []);
    const overflowing = points.map((each) =>
      each.filter(({ attributes }) => 'otel.metric.overflow' in attributes),
    );
    expect(points.map(({ length }) => length)).toEqual([2_000, 2_000]);
    expect(overflowing[1]).toEqual(overflowing[0]);
  });
});

test('holdHistograms() gives each reader its own intervals', async () => {
  const histograms = holdHistograms();
  const [first, second] = [0, 1].map(
    () =>
      new Reader(AggregationTemporality.DELTA, [
        histograms.createProducer(AggregationTemporality.DELTA),
      ]),
  ) as [Reader, Reader];
  const provider = histograms.extend(new MeterProvider({ readers: [first, second] }));
  const size = provider.getMeter('test').createHistogram('size');
  const counts = async (reader: Reader) =>
    (await reader.collect()).resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ dataPoints }) =>
        dataPoints.map(({ value }) => (value as Histogram).count),
      ),
    );
  size.record(1);
  expect(await counts(first)).toEqual([1]);
  size.record(1);
  expect(await counts(first)).toEqual([1]);
  expect(await counts(second)).toEqual([2]);
  expect(await counts(first)).toEqual([]);
});

test('holdHistograms() leaves every other instrument to the SDK', async () => {
  const histograms = holdHistograms();
  const reader = new Reader(AggregationTemporality.CUMULATIVE);
  const meter = histograms.extend(new MeterProvider({ readers: [reader] })).getMeter('test');
  meter.createCounter('counter').add(2);
  meter.createObservableGauge('gauge').addCallback((result) => result.observe(3));
  const { scopeMetrics } = (await reader.collect()).resourceMetrics;
  expect(scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name)).toEqual([
    'counter',
    'gauge',
  ]);
});
