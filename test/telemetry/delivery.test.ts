import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { describe, expect, test } from 'vitest';
import { createDelivery, loss, reject, trackDelivery } from '../../src/telemetry/delivery.ts';

const SUCCESS: ExportResult = { code: ExportResultCode.SUCCESS };
const failure = (message: string): ExportResult => ({
  code: ExportResultCode.FAILED,
  error: new Error(message),
});

/** An exporter of batches of strings that does what the test says. */
function tracked(send: (batch: readonly string[], done: (result: ExportResult) => void) => void) {
  const delivery = createDelivery('traces', 'otlp');
  const told: string[] = [];
  const results: ExportResult[] = [];
  const exporter = { export: send };
  trackDelivery(
    exporter,
    delivery,
    (batch: readonly string[]) => batch.length,
    (sentence) => told.push(sentence),
  );
  return {
    delivery,
    told,
    results,
    send: (...batch: string[]) => exporter.export(batch, (result) => results.push(result)),
  };
}

describe('trackDelivery()', () => {
  test('counts what an exporter delivers', () => {
    const { delivery, told, send } = tracked((_, done) => done(SUCCESS));
    send('a', 'b');
    send('c');
    expect(delivery).toMatchObject({ delivered: 3, rejected: 0 });
    expect(told).toEqual([]);
  });

  test('says once that an exporter fails, and once that it works again', () => {
    let answer = failure('refused');
    const { delivery, told, send } = tracked((_, done) => done(answer));
    send('a');
    send('b');
    answer = SUCCESS;
    send('c');
    send('d');
    expect(delivery.delivered).toBe(2);
    expect(told).toEqual([
      'Exporting traces to otlp fails: refused.',
      'Exporting traces to otlp works again.',
    ]);
  });

  test('takes an exporter that throws as failed', () => {
    const { delivery, told, results, send } = tracked(() => {
      throw new Error('broken');
    });
    send('a');
    expect(delivery.delivered).toBe(0);
    expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
    expect(told).toEqual(['Exporting traces to otlp fails: broken.']);
  });

  test('counts an answer once, whatever comes after it', () => {
    const { delivery, results, send } = tracked((_, done) => {
      done(SUCCESS);
      done(SUCCESS);
      throw new Error('too late');
    });
    send('a');
    expect(delivery.delivered).toBe(1);
    expect(results).toEqual([SUCCESS]);
  });

  test('stays quiet about a failure without an error: the reader went on purpose', () => {
    const { told, send } = tracked((_, done) => done({ code: ExportResultCode.FAILED }));
    send('a');
    expect(told).toEqual([]);
  });
});

describe('loss()', () => {
  test('is silent when everything was delivered', () => {
    const delivery = createDelivery('logs', 'otlp');
    delivery.made = 2;
    delivery.delivered = 2;
    expect(loss(delivery)).toBeUndefined();
  });

  test('adds up: made = delivered + rejected + dropped', () => {
    const delivery = createDelivery('metrics', 'otlp');
    delivery.made = 10;
    delivery.delivered = 7;
    reject(delivery, 3);
    expect(loss(delivery)).toBe(
      'Lost on the way to otlp: of 10 data points made, 4 were delivered, 3 rejected by the other end, 3 dropped.',
    );
  });
});
