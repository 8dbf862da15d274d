import { logs } from '@opentelemetry/api-logs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stepBackForOtherSdk } from '../../packages/opentelemetry-instrument/src/step-back.ts';

const SHARED_API = Symbol.for('opentelemetry.js.api.1');
const { setGlobalLoggerProvider } = logs;
let before: unknown;

beforeEach(() => {
  vi.useFakeTimers();
  before = Reflect.get(globalThis, SHARED_API);
  Reflect.set(globalThis, SHARED_API, {
    version: '1.9.1',
    trace: 'ours',
    metrics: 'ours',
    diag: 'ours',
  });
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.set(globalThis, SHARED_API, before);
  logs.setGlobalLoggerProvider = setGlobalLoggerProvider;
});

/** Registers a part as all versions of the API do. */
function register(part: string, isOverridden = false): void {
  const api = Reflect.get(globalThis, SHARED_API);
  Reflect.set(globalThis, SHARED_API, api);
  if (!isOverridden && api[part] !== undefined) throw new Error('duplicate registration');
  if (api.version !== '1.9.1') throw new Error('other version');
  api[part] = 'theirs';
}

test('the SDK steps back for one that the program registers', () => {
  const onOther = vi.fn();
  stepBackForOtherSdk(onOther);
  // Version 1.10 reads the version only once.
  expect(Reflect.get(globalThis, SHARED_API).trace).toBe('ours');
  expect(onOther).not.toHaveBeenCalled();
  register('trace');
  expect(onOther).toHaveBeenCalledOnce();
  expect(Reflect.get(globalThis, SHARED_API)).toEqual({ version: '1.9.1', trace: 'theirs' });
});

test("the program's logger of diagnostic messages stays when the SDK steps back", () => {
  const onOther = vi.fn();
  stepBackForOtherSdk(onOther);
  register('diag', true);
  expect(onOther).not.toHaveBeenCalled();
  register('metrics');
  expect(Reflect.get(globalThis, SHARED_API)).toEqual({
    version: '1.9.1',
    diag: 'theirs',
    metrics: 'theirs',
  });
});

test('a provider that replaces an unregistered one stays after the start of the program', () => {
  stepBackForOtherSdk(() => {});
  // As trace.disable() does.
  delete Reflect.get(globalThis, SHARED_API).trace;
  register('trace');
  vi.runAllTimers();
  expect(Reflect.get(globalThis, SHARED_API)).toMatchObject({ trace: 'theirs', metrics: 'ours' });
});
