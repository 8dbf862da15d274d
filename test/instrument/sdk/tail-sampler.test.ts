import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import {
  createTailSampler,
  type TailSamplerOptions,
} from '../../../packages/opentelemetry-instrument/src/sdk/tail-sampler.ts';

function create(options: Partial<TailSamplerOptions> = {}) {
  const exporter = new InMemorySpanExporter();
  const sampler = createTailSampler([new SimpleSpanProcessor(exporter)], {
    ratio: 0,
    slowMillis: 1_000,
    ...options,
  });
  const provider = new BasicTracerProvider({ spanProcessors: [sampler] });
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

test('createTailSampler() keeps the other traces by ratio', () => {
  const values = [0.2, 0.3];
  const { tracer, names } = create({ ratio: 0.25, random: () => values.shift() ?? 1 });
  tracer.startSpan('first').end();
  tracer.startSpan('second').end();
  expect(names()).toEqual(['first']);
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
