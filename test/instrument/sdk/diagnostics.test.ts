import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { globalErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { routeDiagnostics } from '../../../packages/opentelemetry-instrument/src/sdk/diagnostics.ts';

const told: string[] = [];

beforeEach(() => {
  told.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
  setGlobalErrorHandler(() => {});
});

describe('routeDiagnostics()', () => {
  afterEach(() => void vi.useRealTimers());
  beforeEach(() => {
    vi.useFakeTimers();
    routeDiagnostics({ level: 'warn', notify: (sentence) => void told.push(sentence) });
  });

  test('tells warnings and errors of the SDK, each at once and then with a count', () => {
    diag.error('no', new Error('way'));
    diag.error('no', new Error('way'));
    diag.warn('careful');
    diag.info('nothing');
    diag.debug('nothing');
    expect(told).toEqual(['OpenTelemetry: no Error: way', 'OpenTelemetry: careful']);
    vi.advanceTimersByTime(60_000);
    expect(told.slice(2)).toEqual(['OpenTelemetry: no Error: way (1 times more)']);
  });

  test.each([
    ['none', []],
    ['error', ['error']],
    ['info', ['error', 'warn', 'info']],
    ['all', ['error', 'warn', 'info', 'debug', 'verbose']],
  ] as const)('at level %s tells %j', (level, heard) => {
    diag.disable();
    routeDiagnostics({ level, notify: (sentence) => void told.push(sentence) });
    // The API tells of the logger itself at the finest level.
    told.length = 0;
    for (const each of ['error', 'warn', 'info', 'debug', 'verbose'] as const) diag[each](each);
    expect(told).toEqual(heard.map((each) => `OpenTelemetry: ${each}`));
  });

  test('tells at most 100 different sentences', () => {
    for (let i = 0; i < 200; i++) diag.warn(`careful ${i}`);
    expect(told).toHaveLength(100);
  });

  test('takes a value that has no string', () => {
    diag.error('odd', Object.create(null));
    globalErrorHandler(Object.create(null));
    expect(told).toEqual(['OpenTelemetry: odd [unreadable]']);
  });

  test('leaves a failed export to those who count it', () => {
    globalErrorHandler(new Error('503'));
    expect(told).toEqual([]);
  });
});
