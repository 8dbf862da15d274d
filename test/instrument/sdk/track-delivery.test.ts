import { ExportResultCode } from '@opentelemetry/core';
import { afterEach, expect, test, vi } from 'vitest';
import type { ExportOutcome, Signal } from '../../../exporters/exporter.ts';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';
import { createLossReport } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/loss-report.ts';
import { trackDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/track-delivery.ts';

afterEach(() => void vi.useRealTimers());

const SUCCESS: ExportOutcome = { code: ExportResultCode.SUCCESS };

const failedWith = (error: Error): ExportOutcome => ({ code: ExportResultCode.FAILED, error });

/** Tracks an exporter of batches of strings that the test controls. */
function tracked(
  send: (batch: readonly string[], done: (outcome: ExportOutcome) => void) => void,
  { signal = 'traces' as Signal, timeoutMillis = 30_000 } = {},
) {
  const messages: string[] = [];
  const delivery = createDelivery(
    signal,
    createLossReport('otlp', (message) => messages.push(message)),
  );
  const results: ExportOutcome[] = [];
  const exporter = trackDelivery(
    { export: send },
    delivery,
    (batch: readonly string[]) => batch.length,
    timeoutMillis,
  );
  return {
    delivery,
    counts: delivery.counts,
    messages,
    results,
    send: (...batch: string[]) => exporter.export(batch, (result) => results.push(result)),
  };
}

test('trackDelivery() counts delivered records', () => {
  const { counts, messages, send } = tracked((_, done) => done(SUCCESS));
  send('a', 'b');
  send('c');
  expect(counts).toMatchObject({ created: 0, exported: 3, rejected: 0 });
  expect(messages).toEqual([]);
});

test('trackDelivery() counts data points as created by their export', () => {
  const { counts, send } = tracked((_, done) => done(SUCCESS), { signal: 'metrics' });
  send('a', 'b');
  expect(counts).toMatchObject({ created: 2, exported: 2 });
});

test('trackDelivery() counts a failed export as dropped, with the reason', () => {
  const error = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
  const { counts, messages, send } = tracked((_, done) =>
    done({ code: ExportResultCode.FAILED, error }),
  );
  send('a');
  expect(counts.dropped).toMatchObject({ failed: 1 });
  expect(messages).toEqual([
    expect.stringContaining('Traces to otlp: 1 span dropped; ECONNREFUSED'),
  ]);
});

test('trackDelivery() treats an exporter that throws as failed', () => {
  const { counts, results, send } = tracked(() => {
    throw new Error('broken');
  });
  send('a');
  expect(counts.dropped).toMatchObject({ failed: 1 });
  expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
});

test('trackDelivery() counts only the first outcome', () => {
  const { counts, results, send } = tracked((_, done) => {
    done(SUCCESS);
    done({ code: ExportResultCode.FAILED, error: new Error('no') });
    throw new Error('too late');
  });
  send('a');
  expect(counts).toMatchObject({ exported: 1, dropped: { failed: 0 } });
  expect(results).toEqual([SUCCESS]);
});

test('trackDelivery() abandons an export after its time limit and ignores its late outcome', () => {
  vi.useFakeTimers();
  const answers: ((outcome: ExportOutcome) => void)[] = [];
  const { counts, results, send } = tracked((_, done) => answers.push(done), {
    timeoutMillis: 100,
  });
  send('a');
  vi.advanceTimersByTime(99);
  expect(results).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
  answers[0]?.(SUCCESS);
  expect(counts).toMatchObject({ exported: 0, dropped: { timeout: 1 } });
  expect(results).toHaveLength(1);
});

test('trackDelivery() ignores a late partial success, also for the next batch', () => {
  vi.useFakeTimers();
  const answers: ((outcome: ExportOutcome) => void)[] = [];
  const { counts, send } = tracked((_, done) => answers.push(done), {
    timeoutMillis: 100,
  });
  send('a', 'b');
  vi.advanceTimersByTime(100);
  send('c', 'd');
  answers[0]?.({ ...SUCCESS, rejected: { count: 2, message: 'too old' } });
  answers[1]?.(SUCCESS);
  expect(counts).toMatchObject({ exported: 2, rejected: 0, dropped: { timeout: 2 } });
});

test('trackDelivery() waits forever without a time limit', () => {
  vi.useFakeTimers();
  const { results, send } = tracked(() => {}, { timeoutMillis: Number.POSITIVE_INFINITY });
  send('a');
  vi.advanceTimersByTime(2 ** 31);
  expect(results).toEqual([]);
});

test('trackDelivery() uncounts records whose reader closed the pipe', () => {
  const { messages, counts, send } = tracked((_, done) => done({ code: ExportResultCode.FAILED }), {
    signal: 'metrics',
  });
  send('a');
  expect(messages).toEqual([]);
  expect(counts.created).toBe(0);
});

test.each([
  ['a success', { code: ExportResultCode.SUCCESS }, undefined],
  ['a status', failedWith(Object.assign(new Error('busy'), { code: '503' })), '503'],
  [
    'the code of what caused the error',
    failedWith(new Error('down', { cause: { code: 'ECONNREFUSED' } })),
    'ECONNREFUSED',
  ],
  ['a time-out', failedWith(Object.assign(new Error(), { name: 'TimeoutError' })), 'timeout'],
  ['the class of an error without a code', failedWith(new TypeError('odd')), 'TypeError'],
])('trackDelivery() reports the duration of an export with %s as error.type', (_, result, type) => {
  const { delivery, send } = tracked((_, done) => done(result));
  const exports: unknown[] = [];
  delivery.onExported = (...each) => void exports.push(each);
  send('a', 'b');
  expect(exports).toEqual([[expect.any(Number), type]]);
  const isFailed = type !== undefined && type !== 'timeout';
  expect([...delivery.counts.failures]).toEqual(isFailed ? [[type, 2]] : []);
});

test('trackDelivery() reports a partial success as rejected', () => {
  const { delivery, send } = tracked((_, done) =>
    done({ ...SUCCESS, rejected: { count: 1, message: 'too old' } }),
  );
  const types: (string | undefined)[] = [];
  delivery.onExported = (_, errorType) => void types.push(errorType);
  send('a', 'b');
  expect(types).toEqual(['rejected']);
});

test('trackDelivery() leaves the exporter unchanged and keeps its other methods', () => {
  class Spans {
    #flushed = 0;
    export(_: readonly string[], done: (outcome: ExportOutcome) => void) {
      done(SUCCESS);
    }
    flush() {
      this.#flushed += 1;
      return this.#flushed;
    }
  }
  const exporter = new Spans();
  const delivery = createDelivery(
    'traces',
    createLossReport('otlp', () => {}),
  );
  const count = (batch: readonly string[]) => batch.length;
  const spans = trackDelivery(exporter, delivery, count, 30_000);
  exporter.export(['a'], () => {});
  expect(delivery.counts.exported).toBe(0);
  spans.export(['a'], () => {});
  expect(delivery.counts.exported).toBe(1);
  expect(spans.flush()).toBe(1);
});
