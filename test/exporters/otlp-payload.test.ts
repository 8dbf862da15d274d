import { SeverityNumber } from '@opentelemetry/api-logs';
import { describe, expect, test } from 'vitest';
import { openOtlp, send, startSink } from '../support/otlp-protocols.ts';
import type { OtlpSink } from '../support/otlp-sink.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { recordLogs, recordMetrics, recordSpans } from '../support/sdk-records.ts';

const { name, version } = JSON.parse(readRepositoryFile('exporters/package.json'));
const USER_AGENT = expect.stringMatching(
  `^${name}/${version} OTel-OTLP-Exporter-JavaScript/\\d+\\.\\d+\\.\\d+$`,
);

const attributes = { text: 'a', int: 7, double: 0.5, flag: false, list: ['a', 'b'], none: [] };
const variants = PROTOCOLS.flatMap((protocol) =>
  (['none', 'gzip'] as const).map((compression) => ({ protocol, compression })),
);

describe.each(variants)('OTLP by $protocol, compression $compression', (variant) => {
  async function deliver(
    signal: 'traces' | 'metrics' | 'logs',
    records: unknown,
  ): Promise<OtlpSink> {
    await using sink = await startSink(variant.protocol);
    const exporter = await openOtlp(variant.protocol, sink.url, {
      OTEL_EXPORTER_OTLP_COMPRESSION: variant.compression,
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b',
    });
    expect(await send(exporter, signal, records)).toEqual({ code: 0 });
    expect(sink.problems).toEqual([]);
    expect(sink.requests).toMatchObject([
      { signal, unknownFields: [], headers: { 'x-key': 'a b', 'user-agent': USER_AGENT } },
    ]);
    return sink;
  }

  test(`${variant.protocol}, ${variant.compression}: spans arrive with IDs, times, events, links, status and all attribute types`, async () => {
    const records = recordSpans((tracer) => {
      const link = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
      const span = tracer.startSpan('GET /', {
        kind: 1,
        attributes,
        links: [{ context: { ...link, traceFlags: 1 }, attributes: { n: 1 } }],
        startTime: [1_700_000_000, 5],
      });
      span.addEvent('happened', { n: 2 }, [1_700_000_000, 6]);
      span.setStatus({ code: 2, message: 'broken' }).end([1_700_000_001, 7]);
    });
    const { spans } = await deliver('traces', records);
    expect(spans).toMatchObject([
      {
        scope: { name: 'test', version: '1.0' },
        traceId: records[0]?.spanContext().traceId,
        spanId: records[0]?.spanContext().spanId,
        parentSpanId: '',
        kind: 2,
        startTime: 1_700_000_000_000_000_005n,
        endTime: 1_700_000_001_000_000_007n,
        attributes,
        events: [{ name: 'happened', time: 1_700_000_000_000_000_006n, attributes: { n: 2 } }],
        links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', attributes: { n: 1 } }],
        status: { code: 2, message: 'broken' },
      },
    ]);
  });

  test(`${variant.protocol}, ${variant.compression}: counters, gauges and histograms arrive`, async () => {
    const { meter, collect } = recordMetrics();
    meter.createCounter('changes', { unit: '{change}' }).add(3, { operation: 'add' });
    meter.createGauge('level').record(2.5);
    const advice = { explicitBucketBoundaries: [1, 2] };
    meter.createHistogram('duration', { unit: 's', advice }).record(1.5);
    const { metrics } = await deliver('metrics', await collect());
    expect(metrics).toMatchObject([
      { name: 'changes', type: 'sum', isMonotonic: true, points: [{ value: 3 }] },
      { name: 'level', type: 'gauge', points: [{ value: 2.5 }] },
      {
        name: 'duration',
        points: [{ count: 1, sum: 1.5, bounds: [1, 2], bucketCounts: [0, 1, 0] }],
      },
    ]);
  });

  test(`${variant.protocol}, ${variant.compression}: log records arrive with event name, body and nested attributes`, async () => {
    const nested = { deep: [true, 1, 'x', { er: 0.5 }], bytes: new Uint8Array([0, 255]) };
    const records = recordLogs((logger) =>
      logger.emit({
        eventName: 'task.added',
        severityNumber: SeverityNumber.INFO,
        severityText: 'INFO',
        body: 'task added',
        attributes: { id: 1, nested },
        timestamp: [1_700_000_000, 5],
      }),
    );
    const { logs } = await deliver('logs', records);
    expect(logs).toMatchObject([
      {
        eventName: 'task.added',
        severityNumber: 9,
        severityText: 'INFO',
        body: 'task added',
        time: 1_700_000_000_000_000_005n,
        attributes: { id: 1, nested: { deep: nested.deep } },
      },
    ]);
  });
});
