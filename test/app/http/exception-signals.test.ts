import { describe, expect, test } from 'vitest';
import { type ExceptionSignal, traceHttp } from '../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../src/app.ts';
import { createTaskTelemetry } from '../../../src/http/task-telemetry.ts';
import { TaskStoreUnavailableError } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

/** Returns the records of a store error by signal: types of exceptions and bodies of logs. */
async function recorded(exceptions: ExceptionSignal, thrown: unknown) {
  const records = recordTelemetry();
  const store = { ...createMemoryTaskStore(), list: () => Promise.reject(thrown) };
  const telemetry = createTaskTelemetry(store, records);
  const app = createApp({
    store,
    trace: traceHttp({ ...records, exceptions }),
    // The exception log record already covers this; skip the app's duplicate.
    telemetry: exceptions === 'span' ? telemetry : { ...telemetry, requestFailed() {} },
  });
  const { status } = await app.request('/');
  const type = (attributes?: object) =>
    ({ 'exception.type': undefined, ...attributes })['exception.type'];
  expect(records.span().status.code).toBe(2);
  return {
    status,
    span: records.span().events.map(({ attributes }) => type(attributes)),
    logs: records
      .logs()
      .map(({ attributes, body, eventName }) => [body ?? eventName, type(attributes)]),
  };
}

const event = 'http.server.request.exception';

describe('the app records an error once on each signal', () => {
  test.each([
    ['span', ['TypeError'], [['request failed', 'TypeError']]],
    ['logs', [], [[event, 'TypeError']]],
    ['logs/dup', ['TypeError'], [[event, 'TypeError']]],
  ] as const)('an Error is recorded once with exceptions on %s', async (exceptions, span, logs) => {
    const outcome = await recorded(exceptions, new TypeError('no'));
    expect(outcome).toEqual({ status: 500, span, logs });
  });

  test.each([
    ['span', ['Error'], [['request failed', 'Error']]],
    ['logs', [], [[event, 'Error']]],
    ['logs/dup', ['Error'], [[event, 'Error']]],
  ] as const)(
    'a thrown string is recorded once with exceptions on %s',
    async (exceptions, span, logs) => {
      expect(await recorded(exceptions, 'no')).toEqual({ status: 500, span, logs });
    },
  );

  test.each([
    ['span', 1, []],
    ['logs', 0, [[event, 'TaskStoreUnavailableError']]],
    ['logs/dup', 1, [[event, 'TaskStoreUnavailableError']]],
  ] as const)(
    'a busy store is recorded once with exceptions on %s',
    async (exceptions, events, logs) => {
      const outcome = await recorded(exceptions, new TaskStoreUnavailableError('no'));
      expect(outcome).toEqual({
        status: 503,
        span: Array(events).fill('TaskStoreUnavailableError'),
        logs: [['task store unavailable, request refused', undefined], ...logs],
      });
    },
  );
});
