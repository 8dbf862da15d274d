import { ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import {
  type Histogram,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { createConsoleExporter } from '../../../exporters/console.ts';
import type { PointWithExemplars } from '../../../exporters/exporter.ts';
import { decodeMetrics, parseExportRequest } from '../../../exporters/otlp/decode/index.ts';
import { encodeMetrics, toJson } from '../../../exporters/otlp/encode/index.ts';
import { formatHistogram } from '../../../exporters/prometheus/samples.ts';
import {
  createFastHistograms,
  type ExemplarFilter,
} from '../../../packages/opentelemetry-instrument/src/sdk/fast-path/histograms.ts';
import { createMemoryWriter } from '../../support/memory-writer.ts';
import { decodeExportRequest } from '../../support/otlp-definitions.ts';

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

function spanContext(digit: string, traceFlags = TraceFlags.SAMPLED): SpanContext {
  return { traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags };
}
const within = (span: SpanContext) => trace.setSpanContext(ROOT_CONTEXT, span);

function recordDurations(filter?: ExemplarFilter) {
  const histograms = createFastHistograms(filter);
  const reader = new Reader({ metricProducers: [histograms.createProducer()] });
  const provider = histograms.extend(new MeterProvider({ readers: [reader] }));
  const advice = { explicitBucketBoundaries: [0.1, 1] };
  return {
    histogram: provider.getMeter('test').createHistogram('duration', { unit: 's', advice }),
    collect: async () => (await reader.collect()).resourceMetrics,
  };
}

function onlyPoint({ scopeMetrics }: ResourceMetrics): PointWithExemplars<Histogram> {
  return scopeMetrics[0]?.metrics[0]?.dataPoints[0] as PointWithExemplars<Histogram>;
}

/** Records one measurement in a sampled span, one in an unsampled span, and one outside of spans. */
async function exemplarsOf(filter?: ExemplarFilter) {
  const { histogram, collect } = recordDurations(filter);
  histogram.record(0.05, {}, within(spanContext('a')));
  histogram.record(0.5, {}, within(spanContext('b', TraceFlags.NONE)));
  histogram.record(5, {}, ROOT_CONTEXT);
  const { exemplars = [] } = onlyPoint(await collect());
  return exemplars.map(({ value, traceId }) => [value, traceId?.[0]]);
}

test.each<[ExemplarFilter | undefined, unknown[]]>([
  [undefined, [[0.05, 'a']]],
  ['trace_based', [[0.05, 'a']]],
  [
    'always_on',
    [
      [0.05, 'a'],
      [0.5, 'b'],
      [5, undefined],
    ],
  ],
  ['always_off', []],
])('the exemplar filter %s selects measurements', async (filter, expected) => {
  expect(await exemplarsOf(filter)).toEqual(expected);
});

test('a bucket has its latest measurement as exemplar, with the time', async () => {
  const { histogram, collect } = recordDurations();
  const before = Date.now();
  histogram.record(0.05, {}, within(spanContext('a')));
  histogram.record(0.5, {}, within(spanContext('b')));
  histogram.record(0.08, {}, within(spanContext('c')));
  const { exemplars = [] } = onlyPoint(await collect());
  expect(exemplars.map(({ value, spanId }) => [value, spanId])).toEqual([
    [0.08, 'c'.repeat(16)],
    [0.5, 'b'.repeat(16)],
  ]);
  for (const { timestamp } of exemplars) {
    const millis = timestamp[0] * 1e3 + timestamp[1] / 1e6;
    expect(millis).toBeGreaterThanOrEqual(before);
    expect(millis).toBeLessThanOrEqual(Date.now());
  }
});

test('OTLP has the exemplars in both encodings, as the official definitions describe them', async () => {
  const { histogram, collect } = recordDurations('always_on');
  histogram.record(0.05, {}, within(spanContext('a')));
  histogram.record(5, {}, ROOT_CONTEXT);
  const metrics = await collect();
  const { bytes } = encodeMetrics(metrics);
  expect(decodeExportRequest('metrics', bytes).unknownFields).toEqual([]);
  const { exemplars } = onlyPoint(metrics);
  expect(exemplars).toHaveLength(2);
  for (const [encoding, body] of [
    ['protobuf', bytes],
    ['json', toJson('metrics', bytes)],
  ] as const) {
    const [decoded] = decodeMetrics(parseExportRequest('metrics', body, encoding)).records;
    expect(decoded && onlyPoint(decoded).exemplars).toEqual(exemplars);
  }
});

test('the console prints exemplars with the IDs as in spans', async () => {
  const { histogram, collect } = recordDurations();
  histogram.record(0.05, {}, within(spanContext('a')));
  const writer = createMemoryWriter();
  createConsoleExporter({ writer })
    .metrics()
    ?.export(await collect(), () => {});
  const document = JSON.parse(writer.text);
  const [point] = document.resource_metrics[0].scope_metrics[0].metrics[0].data.data_points;
  expect(point.exemplars).toEqual([
    {
      filtered_attributes: {},
      value: 0.05,
      time_unix_nano: expect.stringMatching(/^\d{4}-/),
      span_id: `0x${'a'.repeat(16)}`,
      trace_id: `0x${'a'.repeat(32)}`,
    },
  ]);
});

test('OpenMetrics has the exemplar after its bucket, and the text format has none', async () => {
  const { histogram, collect } = recordDurations();
  histogram.record(0.5, {}, within(spanContext('a')));
  const { value, exemplars } = onlyPoint(await collect());
  const [low, middle, high] = formatHistogram('d', '', value, 'openmetrics', exemplars);
  expect(low).toBe('d_bucket{le="0.1"} 0');
  expect(middle).toMatch(
    /^d_bucket\{le="1\.0"\} 1 # \{trace_id="a{32}",span_id="a{16}"\} 0\.5 \d{10}\.\d{9}$/,
  );
  expect(high).toBe('d_bucket{le="+Inf"} 1');
  expect(formatHistogram('d', '', value, 'text', exemplars).join()).not.toContain('#');
});
