import process from 'node:process';
import { SpanKind } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSpanBatch } from '../../exporters/otlp/encode/record-batch.ts';
import { anySpans } from '../support/arbitrary-records.ts';
import { recordSpans } from '../support/sdk-records.ts';

const [span] = recordSpans((tracer) => {
  tracer.startSpan('GET /', { attributes: { text: 'x'.repeat(1000) } }).end();
});
if (!span) throw new Error('No span was recorded.');

/** The official serializer's bytes, as a plain array of the same kind as those compared with it. */
function official(...spans: Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0]) {
  return new Uint8Array(ProtobufTraceSerializer.serializeRequest(spans) ?? []);
}

describe('createSpanBatch()', () => {
  test('counts records and their bytes, and is empty again after finish()', () => {
    const batch = createSpanBatch();
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
    expect(batch.finish()).toEqual(new Uint8Array());
    batch.push(span);
    batch.push(span);
    expect(batch).toMatchObject({ length: 2, byteLength: expect.toSatisfy((n) => n > 2000) });
    batch.finish();
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
    expect(batch.finish()).toEqual(new Uint8Array());
  });

  test('refuses what exceeds its limit, and is as before', () => {
    const batch = createSpanBatch(2500);
    expect([batch.push(span), batch.push(span), batch.push(span)]).toEqual([1, 2, 0]);
    expect(batch.length).toBe(2);
    expect(batch.finish()).toEqual(official(span, span));
    expect(batch.push(span)).toBeGreaterThan(0);
  });

  test('takes what fits to the byte', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const unlimited = createSpanBatch();
        for (const each of spans) unlimited.push(each);
        const exact = createSpanBatch(unlimited.byteLength);
        const tooSmall = createSpanBatch(unlimited.byteLength - 1);
        expect(spans.every((each) => exact.push(each) > 0)).toBe(true);
        expect(spans.every((each) => tooSmall.push(each) > 0)).toBe(spans.length === 0);
      }),
      { numRuns: 50 },
    );
  });

  test('does not make room for a text that is larger than its limit', () => {
    const length = 2 ** 27;
    const [huge] = recordSpans((tracer) => {
      tracer.startSpan('x'.repeat(length)).end();
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(createSpanBatch().push(huge ?? span)).toBe(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(length);
  });

  test('refuses a record that exceeds the limit alone, without a byte of it left behind', () => {
    const batch = createSpanBatch(500);
    expect(batch.push(span)).toBe(0);
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
    expect(batch.finish()).toEqual(new Uint8Array());
  });

  test('gives bytes that later records do not change, nor those of the next batch', () => {
    const batch = createSpanBatch();
    batch.push(span);
    const first = batch.finish();
    const other = { ...span, spanContext: span.spanContext, name: 'something else' };
    for (const later of [batch, createSpanBatch()]) {
      later.push(other);
      expect(later.finish()).toEqual(official(other));
    }
    expect(first).toEqual(official(span));
  });

  test('encodes a record as it is when it comes: what changes later does not count', () => {
    const attributes: Record<string, string> = { state: 'then' };
    const changing = { ...span, spanContext: span.spanContext, attributes };
    const expected = official(changing);
    const batch = createSpanBatch();
    batch.push(changing);
    attributes.state = 'now';
    expect(batch.finish()).toEqual(expected);
  });

  test('goes on after a batch that was large', () => {
    const large = recordSpans((tracer) => {
      tracer.startSpan('large', { attributes: { text: 'x'.repeat(3e6) } }).end();
    });
    const batch = createSpanBatch();
    for (const each of [...large, span]) batch.push(each);
    expect(batch.finish().length).toBe(official(...large, span).length);
    batch.push(span);
    expect(batch.finish()).toEqual(official(span));
  });

  test('has the official bytes of what the SDK dropped by its limits, and of a linked child', () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'todo' }),
      spanLimits: {
        attributeCountLimit: 2,
        attributeValueLengthLimit: 3,
        eventCountLimit: 1,
        linkCountLimit: 1,
        attributePerEventCountLimit: 1,
        attributePerLinkCountLimit: 1,
      },
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const context = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
    const links = [1, 2].map((each) => ({ context, attributes: { each, more: '12345' } }));
    const attributes = { a: '🎉🎉', b: ['12345'], c: 1, d: 2 };
    const recorded = provider.getTracer('limits').startSpan('GET /', {
      kind: SpanKind.SERVER,
      attributes,
      links,
    });
    recorded.addEvent('first').addEvent('second', attributes).end();
    const [limited] = exporter.getFinishedSpans();
    if (!limited) throw new Error('No span was recorded.');
    expect(limited).toMatchObject({ droppedAttributesCount: 2, droppedEventsCount: 1 });
    const batch = createSpanBatch();
    batch.push(limited);
    expect(batch.finish()).toEqual(official(limited));
  });
});
