import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { globalErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { routeDiagnostics } from '../../../packages/opentelemetry-instrument/src/sdk/diagnostics.ts';

const messages: string[] = [];

beforeEach(() => {
  messages.length = 0;
});
afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
  setGlobalErrorHandler(() => {});
});

describe('routeDiagnostics()', () => {
  afterEach(() => void vi.useRealTimers());
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(2026, 0, 1, 12, 3, 4) });
    routeDiagnostics({ level: 'warn', notify: (sentence) => void messages.push(sentence) });
  });

  test('reports warnings and errors of the SDK, each immediately and then with a count', () => {
    diag.error('no', new Error('way'));
    diag.error('no', new Error('way'));
    diag.warn('careful');
    diag.info('nothing');
    diag.debug('nothing');
    expect(messages).toEqual([
      '12:03:04 OpenTelemetry: no Error: way',
      '12:03:04 OpenTelemetry: careful',
    ]);
    vi.advanceTimersByTime(60_000);
    expect(messages.slice(2)).toEqual(['12:04:04 OpenTelemetry: no Error: way (1 times more)']);
  });

  test.each([
    ['none', []],
    ['error', ['error']],
    ['info', ['error', 'warn', 'info']],
    ['all', ['error', 'warn', 'info', 'debug', 'verbose']],
  ] as const)('level %s reports %j', (level, heard) => {
    diag.disable();
    routeDiagnostics({ level, notify: (sentence) => void messages.push(sentence) });
    // The API reports the logger itself at the finest level.
    messages.length = 0;
    for (const each of ['error', 'warn', 'info', 'debug', 'verbose'] as const) diag[each](each);
    expect(messages).toEqual(heard.map((each) => `12:03:04 OpenTelemetry: ${each}`));
  });

  test('reports at most 100 different messages', () => {
    for (let i = 0; i < 200; i++) diag.warn(`careful ${i}`);
    expect(messages).toHaveLength(100);
  });

  test('accepts a value that cannot be stringified', () => {
    diag.error('odd', Object.create(null));
    globalErrorHandler(Object.create(null));
    expect(messages).toEqual(['12:03:04 OpenTelemetry: odd [unreadable]']);
  });

  test('leaves a failed export to those who count it', () => {
    globalErrorHandler(new Error('503'));
    expect(messages).toEqual([]);
  });
});
