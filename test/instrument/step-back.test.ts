import { expect, test, vi } from 'vitest';
import { stepBackForOtherSdk } from '../../packages/opentelemetry-instrument/src/step-back.ts';

const SHARED_API = Symbol.for('opentelemetry.js.api.1');

test('a provider that replaces an unregistered one stays after the start of the program', () => {
  vi.useFakeTimers();
  const before: unknown = Reflect.get(globalThis, SHARED_API);
  try {
    const api: Record<string, unknown> = { version: '1.9.1', trace: 'ours', metrics: 'ours' };
    Reflect.set(globalThis, SHARED_API, api);
    stepBackForOtherSdk(() => {});
    // As trace.disable() and trace.setGlobalTracerProvider() do.
    delete api.trace;
    api.trace = 'theirs';
    vi.runAllTimers();
    expect(Reflect.get(globalThis, SHARED_API)).toMatchObject({ trace: 'theirs', metrics: 'ours' });
  } finally {
    Reflect.set(globalThis, SHARED_API, before);
    vi.useRealTimers();
  }
});
