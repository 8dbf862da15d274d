import { context, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  RandomIdGenerator,
  type Sampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import {
  createTailSampler,
  type TailSamplerOptions,
} from '../../../packages/opentelemetry-instrument/src/sdk/tail-sampler.ts';

const ids = new RandomIdGenerator();

function create(options: Partial<TailSamplerOptions> = {}, head: Sampler = new AlwaysOnSampler()) {
  const exporter = new InMemorySpanExporter();
  const sampler = createTailSampler([new SimpleSpanProcessor(exporter)], {
    ratio: 0,
    slowMillis: 1_000,
    ...options,
  });
  const provider = new BasicTracerProvider({ sampler: head, spanProcessors: [sampler] });
  const tracer = provider.getTracer('test');
  const child = (name: string, parent: ReturnType<typeof tracer.startSpan>) =>
    tracer.startSpan(name, {}, trace.setSpan(context.active(), parent));
  const names = () => exporter.getFinishedSpans().map(({ name }) => name);
  return { sampler, provider, tracer, child, names };
}

test('createTailSampler() drops a fast trace without an error, and counts its spans', () => {
  const { tracer, child, names, sampler } = create();
  const root = tracer.startSpan('root');
  child('child', root).end();
  root.end();
  expect(names()).toEqual([]);
  expect(sampler.describe()).toBe('Tail sampler: 0 spans kept, 2 dropped');
});

test('createTailSampler() keeps a whole trace if one of its spans has an error', () => {
  const { tracer, child, names, sampler } = create();
  const root = tracer.startSpan('root');
  child('first', root).end();
  const failed = child('failed', root);
  failed.setStatus({ code: SpanStatusCode.ERROR });
  failed.end();
  expect(names()).toEqual([]);
  root.end();
  expect(names()).toEqual(['first', 'failed', 'root']);
  expect(sampler.describe()).toBe('Tail sampler: 3 spans kept, 0 dropped');
});

test('createTailSampler() keeps a trace whose local root is slow', () => {
  const { tracer, names } = create();
  tracer.startSpan('slow', { startTime: [1_000, 0] }).end([1_001, 0]);
  tracer.startSpan('fast', { startTime: [1_000, 0] }).end([1_000, 999_000_000]);
  expect(names()).toEqual(['slow']);
});

test('createTailSampler() keeps the other traces by ratio, in all services the same', () => {
  const [first, second] = [1, 2].map(() => create({ ratio: 0.25 }));
  for (let n = 0; n < 400; n++) {
    const traceId = ids.generateTraceId();
    const parent = trace.setSpanContext(context.active(), {
      traceId,
      spanId: ids.generateSpanId(),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
    for (const service of [first, second]) service?.tracer.startSpan(traceId, {}, parent).end();
  }
  expect(first?.names()).toEqual(second?.names());
  expect(first?.names().length).toBeGreaterThan(50);
  expect(first?.names().length).toBeLessThan(150);
});

test('createTailSampler() keeps its ratio of the traces that a head sampler has kept', () => {
  const { tracer, names } = create({ ratio: 0.25 }, new TraceIdRatioBasedSampler(0.25));
  for (let n = 0; n < 4_000; n++) tracer.startSpan('root').end();
  expect(names().length).toBeGreaterThan(150);
  expect(names().length).toBeLessThan(350);
});

test.each([0, 1])('a span that ends after its root follows the decision, ratio %i', (ratio) => {
  const { tracer, child, names } = create({ ratio });
  const root = tracer.startSpan('root');
  const late = child('late', root);
  root.end();
  late.end();
  expect(names()).toEqual(ratio === 1 ? ['root', 'late'] : []);
});

test('createTailSampler() decides about the oldest trace when too many spans wait', () => {
  const { tracer, child, names, sampler } = create({ maxSpans: 2, ratio: 1 });
  const roots = ['a', 'b', 'c'].map((name) => tracer.startSpan(name));
  for (const root of roots) child('child', root).end();
  expect(names()).toEqual(['child']);
  expect(sampler.describe()).toBe('Tail sampler: 1 spans kept, 0 dropped');
});

test('shutdown() decides about the pending traces', async () => {
  const { provider, tracer, child, sampler } = create({ ratio: 1 });
  child('child', tracer.startSpan('root')).end();
  await provider.shutdown();
  expect(sampler.describe()).toBe('Tail sampler: 1 spans kept, 0 dropped');
});
