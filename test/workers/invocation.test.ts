import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createInvocation,
  createRunningInvocations,
} from '../../packages/opentelemetry-instrument/src/workers/invocation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
