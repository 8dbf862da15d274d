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

/** Returns the official serializer's bytes as a plain array, which the tests can compare. */
function official(...spans: Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0]) {
  return new Uint8Array(ProtobufTraceSerializer.serializeRequest(spans) ?? []);
}

describe('createSpanBatch()', () => {
  test('a span batch counts records and bytes, and is empty after finish()', () => {
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

  test('a span batch refuses a record beyond its limit and does not change', () => {
    const batch = createSpanBatch(2500);
    expect([batch.push(span), batch.push(span), batch.push(span)]).toEqual([1, 2, 0]);
    expect(batch.length).toBe(2);
    expect(batch.finish()).toEqual(official(span, span));
    expect(batch.push(span)).toBeGreaterThan(0);
  });

  test('a span batch accepts a record that fits to the byte', () => {
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

  test('a span batch allocates no memory for a string larger than its limit', () => {
    const length = 2 ** 27;
    const [huge] = recordSpans((tracer) => {
      tracer.startSpan('x'.repeat(length)).end();
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(createSpanBatch().push(huge ?? span)).toBe(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(length);
  });

  test('a span batch keeps no byte of a record that it refuses', () => {
    const batch = createSpanBatch(500);
    expect(batch.push(span)).toBe(0);
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
    expect(batch.finish()).toEqual(new Uint8Array());
  });

  test('finish() returns bytes that later records and batches do not change', () => {
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

  test('a span batch encodes a record in its state at push()', () => {
    const attributes: Record<string, string> = { state: 'then' };
    const changing = { ...span, spanContext: span.spanContext, attributes };
    const expected = official(changing);
    const batch = createSpanBatch();
    batch.push(changing);
    attributes.state = 'now';
    expect(batch.finish()).toEqual(expected);
  });

  test('a span batch can be used again after a large batch', () => {
    const large = recordSpans((tracer) => {
      tracer.startSpan('large', { attributes: { text: 'x'.repeat(3e6) } }).end();
    });
    const batch = createSpanBatch();
    for (const each of [...large, span]) batch.push(each);
    expect(batch.finish().length).toBe(official(...large, span).length);
    batch.push(span);
    expect(batch.finish()).toEqual(official(span));
  });

  test('a span batch encodes dropped counts and linked children like the official serializer', () => {
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
