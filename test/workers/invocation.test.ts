import type { Span } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createInvocation,
  createRunningInvocations,
} from '../../packages/opentelemetry-instrument/src/workers/invocation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the spans of a canceled invocation end at the last sign of life, children first', () => {
  const running = createRunningInvocations(40_000);
  const invocation = createInvocation(() => {});
  const ended: unknown[] = [];
  const spans = ['parent', 'ended', 'child'].map((name) => {
    const remove = invocation.addSpan({
      addEvent: (event: string, time: number) => ended.push([name, event, time]),
      end: (time: number) => ended.push([name, time]),
    } as unknown as Span);
    vi.advanceTimersByTime(1_000);
    return { remove, time: performance.now() };
  });
  spans[1]?.remove();
  const time = performance.now();
  running.confirm(invocation);
  vi.advanceTimersByTime(40_001);
  expect(ended).toEqual([]);
  running.confirm(createInvocation(() => {}));
  expect(ended).toEqual([
    ['child', 'invocation canceled', time],
    ['child', time],
    ['parent', 'invocation canceled', time],
    ['parent', time],
  ]);
});

test('an invocation that the platform has canceled does not count as running', () => {
  const running = createRunningInvocations(40_000);
  const [canceled, long, short] = [1, 2, 3].map(() => createInvocation(() => {}));
  if (!canceled || !long || !short) throw new Error('unreachable');
  running.confirm(canceled);
  running.confirm(long);
  vi.advanceTimersByTime(20_000);
  running.confirm(long);
  running.confirm(short);
  running.end(short);
  vi.advanceTimersByTime(30_000);
  expect(running.areNone()).toBe(false);
  running.end(long);
  expect(running.areNone()).toBe(true);
});
