import {
  type Histogram as ApiHistogram,
  type Attributes,
  type Meter,
  ValueType,
} from '@opentelemetry/api';
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
import { createFastHistograms } from '../../../packages/opentelemetry-instrument/src/sdk/fast-path/histograms.ts';

class Reader extends MetricReader {
  constructor(metricProducers: MetricProducer[] = []) {
    super({
      aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
      metricProducers,
    });
  }
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** Returns the parts that two SDKs must agree on: neither their clocks nor the last digit of a sum. */
function comparable({ scopeMetrics }: ResourceMetrics) {
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
        .map(({ attributes, value }) => ({ attributes, ...value, sum: value.sum?.toFixed(6) }))
        .sort((a, b) => (content(a.attributes) < content(b.attributes) ? -1 : 1)),
    })),
  }));
}

function content(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort());
}

/** Creates the SDK's own histograms, and ours with another SDK, for the same records. */
function bothWays() {
  const sdkReader = new Reader();
  const histograms = createFastHistograms();
  const fastReader = new Reader([histograms.createProducer()]);
  const providers = [
    new MeterProvider({ readers: [sdkReader] }),
    histograms.extend(new MeterProvider({ readers: [fastReader] })),
  ];
  const collect = async (reader: Reader) => comparable((await reader.collect()).resourceMetrics);
  return {
    instruments: (create: (meter: Meter) => ApiHistogram) =>
      providers.map((provider) => create(provider.getMeter('test', '1.0'))),
    collect: async () => [await collect(sdkReader), await collect(fastReader)],
  };
}

describe('createFastHistograms()', () => {
  test('reports the same as the SDK for any records', async () => {
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
        const { instruments, collect } = bothWays();
        const both = instruments((meter) =>
          meter.createHistogram('duration', {
            unit: 's',
            description: 'How long',
            advice: { explicitBucketBoundaries: [0.005, 0.1, 1, 10] },
          }),
        );
        for (const each of [...steps, 'collect' as const]) {
          if (each === 'collect') {
            const [sdk, fast] = await collect();
            expect(fast).toEqual(sdk);
          } else for (const instrument of both) instrument.record(...each);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('has the default buckets of the SDK', async () => {
    const { instruments, collect } = bothWays();
    for (const instrument of instruments((meter) => meter.createHistogram('size'))) {
      for (const value of [0, 5, 6, 1_000, 100_000]) instrument.record(value);
    }
    const [sdk, fast] = await collect();
    expect(fast).toEqual(sdk);
  });

  test('is one histogram, however often it is made', async () => {
    const { instruments, collect } = bothWays();
    for (let i = 0; i < 2; i++) {
      for (const instrument of instruments((meter) => meter.createHistogram('size'))) {
        instrument.record(1);
      }
    }
    const [sdk, fast] = await collect();
    expect(fast).toEqual(sdk);
    expect(fast?.[0]?.metrics[0]?.points).toMatchObject([{ count: 2 }]);
  });

  test('is another one with another unit, which may have the same name', async () => {
    const { instruments, collect } = bothWays();
    for (const unit of ['s', 'By']) {
      for (const instrument of instruments((meter) => meter.createHistogram('size', { unit }))) {
        instrument.record(1);
      }
    }
    const [sdk, fast] = await collect();
    expect(fast).toEqual(sdk);
    expect(fast?.[0]?.metrics).toHaveLength(2);
  });

  test('ignores values that are not numbers, and fractions of integers', async () => {
    const { instruments, collect } = bothWays();
    for (const valueType of [ValueType.INT, ValueType.DOUBLE]) {
      for (const instrument of instruments((meter) =>
        meter.createHistogram(`size ${valueType}`, { valueType }),
      )) {
        const values: unknown[] = ['5', 5n, null, undefined, {}, Number.NaN, -1, 1.7];
        for (const value of values) instrument.record(value as number);
      }
    }
    const [sdk, fast] = await collect();
    expect(fast).toEqual(sdk);
    expect(fast?.[0]?.metrics.map(({ points }) => points[0]?.sum)).toEqual([
      '1.000000',
      '1.700000',
    ]);
  });

  test('records measurements beyond 2,000 series in an overflow series', async () => {
    const { instruments, collect } = bothWays();
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

test('createFastHistograms() leaves every other instrument to the SDK', async () => {
  const histograms = createFastHistograms();
  const reader = new Reader();
  const meter = histograms.extend(new MeterProvider({ readers: [reader] })).getMeter('test');
  meter.createCounter('counter').add(2);
  meter.createObservableGauge('gauge').addCallback((result) => result.observe(3));
  const { scopeMetrics } = (await reader.collect()).resourceMetrics;
  expect(scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name)).toEqual([
    'counter',
    'gauge',
  ]);
});
