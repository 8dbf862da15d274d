import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { afterEach, expect, test, vi } from 'vitest';
import type { Signal } from '../../../exporters/exporter.ts';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';
import { trackDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/track-delivery.ts';

afterEach(() => void vi.useRealTimers());

const SUCCESS: ExportResult = { code: ExportResultCode.SUCCESS };

const failedWith = (error: Error): ExportResult => ({ code: ExportResultCode.FAILED, error });

/** An exporter of batches of strings that does what the test says. */
function tracked(
  send: (batch: readonly string[], done: (result: ExportResult) => void) => void,
  { signal = 'traces' as Signal, timeoutMillis = 30_000 } = {},
) {
  const told: string[] = [];
  const delivery = createDelivery(signal, 'otlp', (sentence) => told.push(sentence));
  const results: ExportResult[] = [];
  const exporter = { export: send };
  trackDelivery(exporter, delivery, (batch: readonly string[]) => batch.length, timeoutMillis);
  return {
    delivery,
    counts: delivery.counts,
    told,
    results,
    send: (...batch: string[]) => exporter.export(batch, (result) => results.push(result)),
  };
}

test('trackDelivery() counts what an exporter delivers', () => {
  const { counts, told, send } = tracked((_, done) => done(SUCCESS));
  send('a', 'b');
  send('c');
  expect(counts).toMatchObject({ made: 0, delivered: 3, rejected: 0 });
  expect(told).toEqual([]);
});

test('trackDelivery() counts a data point as made by its export', () => {
  const { counts, send } = tracked((_, done) => done(SUCCESS), { signal: 'metrics' });
  send('a', 'b');
  expect(counts).toMatchObject({ made: 2, delivered: 2 });
});

test('trackDelivery() counts a failed export as dropped, with the reason', () => {
  const error = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
  const { counts, told, send } = tracked((_, done) =>
    done({ code: ExportResultCode.FAILED, error }),
  );
  send('a');
  expect(counts.dropped).toMatchObject({ failed: 1 });
  expect(told).toEqual(['Traces to otlp: 1 span dropped, ECONNREFUSED.']);
});

test('trackDelivery() takes an exporter that throws as failed', () => {
  const { counts, results, send } = tracked(() => {
    throw new Error('broken');
  });
  send('a');
  expect(counts.dropped).toMatchObject({ failed: 1 });
  expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
});

test('trackDelivery() counts an answer once, whatever comes after it', () => {
  const { counts, results, send } = tracked((_, done) => {
    done(SUCCESS);
    done({ code: ExportResultCode.FAILED, error: new Error('no') });
    throw new Error('too late');
  });
  send('a');
  expect(counts).toMatchObject({ delivered: 1, dropped: { failed: 0 } });
  expect(results).toEqual([SUCCESS]);
});

test('trackDelivery() gives up an export after its time, and what it answers later', () => {
  vi.useFakeTimers();
  const answers: ((result: ExportResult) => void)[] = [];
  const { counts, results, send } = tracked((_, done) => answers.push(done), {
    timeoutMillis: 100,
  });
  send('a');
  vi.advanceTimersByTime(99);
  expect(results).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
  answers[0]?.(SUCCESS);
  expect(counts).toMatchObject({ delivered: 0, dropped: { timeout: 1 } });
  expect(results).toHaveLength(1);
});

test('trackDelivery() counts no rejection that comes after its time, not for the next batch either', () => {
  vi.useFakeTimers();
  const answers: ((result: ExportResult) => void)[] = [];
  const { delivery, counts, send } = tracked((_, done) => answers.push(done), {
    timeoutMillis: 100,
  });
  send('a', 'b');
  vi.advanceTimersByTime(100);
  send('c', 'd');
  delivery.reject(2, 'too old');
  answers[0]?.(SUCCESS);
  answers[1]?.(SUCCESS);
  expect(counts).toMatchObject({ delivered: 2, rejected: 0, dropped: { timeout: 2 } });
});

test('trackDelivery() never gives up where there is no limit', () => {
  vi.useFakeTimers();
  const { results, send } = tracked(() => {}, { timeoutMillis: Number.POSITIVE_INFINITY });
  send('a');
  vi.advanceTimersByTime(2 ** 31);
  expect(results).toEqual([]);
});

test('trackDelivery() takes back what a reader who went on purpose did not want', () => {
  const { told, counts, send } = tracked((_, done) => done({ code: ExportResultCode.FAILED }), {
    signal: 'metrics',
  });
  send('a');
  expect(told).toEqual([]);
  expect(counts.made).toBe(0);
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
  const { delivery, send } = tracked((_, done) => {
    delivery.reject(1, 'too old');
    done(SUCCESS);
  });
  const types: (string | undefined)[] = [];
  delivery.onExported = (_, errorType) => void types.push(errorType);
  send('a', 'b');
  expect(types).toEqual(['rejected']);
});
