import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';

const told: string[] = [];
const create = () => createDelivery('traces', 'otlp', (sentence) => told.push(sentence));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  told.length = 0;
});

test('describe() counts records by outcome', () => {
  const delivery = create();
  expect(delivery.describe()).toBe('Traces to otlp: 0 spans created, 0 exported.');
  delivery.create(10);
  delivery.complete(4, { count: 1, message: 'too old' });
  delivery.drop(2, 'failed', 'refused');
  delivery.drop(1, 'queue_full');
  expect(delivery.describe()).toBe(
    'Traces to otlp: 10 spans created, 3 exported, 1 rejected by the collector, 3 pending, ' +
      '1 dropped (the queue was full), 2 dropped (the export failed).',
  );
  delivery.abandon();
  expect(delivery.describe()).toContain('3 dropped (the program ended before)');
});

test('abandon() ignores outcomes and records that arrive later', () => {
  const delivery = create();
  delivery.create(2);
  delivery.abandon();
  delivery.complete(2);
  delivery.drop(2, 'failed');
  delivery.discard(1);
  delivery.create(1);
  delivery.drop(1, 'shutdown');
  expect(delivery.counts).toMatchObject({
    created: 2,
    exported: 0,
    dropped: { shutdown: 2, failed: 0 },
  });
  expect(delivery.pending).toBe(0);
});

test('abandon() reports why records are pending, only if there are any', () => {
  const delivery = create();
  delivery.pendingReason = () => 'http://collector did not respond within 4.4 s';
  delivery.create(2);
  delivery.complete(1);
  delivery.abandon();
  delivery.abandon();
  expect(told).toEqual([
    'Traces to otlp: 1 span dropped at the end, http://collector did not respond within 4.4 s.',
  ]);
});

describe('a dropped record', () => {
  test('is reported at once, then at most every minute with the count', () => {
    const delivery = create();
    delivery.drop(1, 'failed', 'refused');
    delivery.drop(300, 'queue_full');
    delivery.drop(5, 'failed', 'refused');
    vi.advanceTimersByTime(59_000);
    expect(told).toEqual(['Traces to otlp: 1 span dropped, refused.']);
    vi.advanceTimersByTime(2_000);
    expect(told.slice(1)).toEqual(['Traces to otlp: 305 more spans dropped, refused.']);
    vi.advanceTimersByTime(3_600_000);
    expect(told).toHaveLength(2);
    delivery.drop(7, 'timeout');
    expect(told.slice(2)).toEqual(['Traces to otlp: 7 spans dropped, no response in time.']);
  });

  test('by a failing export is followed by one message when exports succeed again', () => {
    const delivery = create();
    delivery.drop(1, 'failed', 'refused');
    delivery.complete(1);
    delivery.complete(1);
    expect(told.slice(1)).toEqual(['Traces to otlp: exports succeed again.']);
  });

  test('that was not reported is not followed by a message when exports succeed again', () => {
    const delivery = create();
    delivery.drop(1, 'failed', 'refused');
    delivery.complete(1);
    told.length = 0;
    for (let i = 0; i < 5; i++) {
      delivery.drop(1, 'failed', 'refused');
      delivery.complete(1);
    }
    expect(told).toEqual([]);
    vi.advanceTimersByTime(61_000);
    delivery.complete(1);
    expect(told).toEqual([
      'Traces to otlp: 5 more spans dropped, refused.',
      'Traces to otlp: exports succeed again.',
    ]);
  });

  test('by a full queue is not followed by a message about the exporter', () => {
    const delivery = create();
    delivery.drop(1, 'queue_full');
    delivery.complete(1);
    expect(told).toEqual(['Traces to otlp: 1 span dropped, the queue was full.']);
  });
});

test('complete() reports rejected records at once, then at most every minute', () => {
  const delivery = create();
  delivery.create(9);
  for (let i = 0; i < 3; i++) {
    delivery.complete(3, { count: 2, message: 'too old' });
  }
  vi.advanceTimersByTime(61_000);
  expect(told).toEqual([
    'Traces to otlp: 2 spans rejected by the collector: too old.',
    'Traces to otlp: 4 more spans rejected by the collector: too old.',
  ]);
  expect(delivery.counts).toMatchObject({ created: 9, exported: 3, rejected: 6 });
});

test('complete() counts at most the whole batch as rejected', () => {
  const delivery = create();
  delivery.create(5);
  delivery.complete(3, { count: 1_000_000, message: 'too old' });
  delivery.complete(2);
  expect(delivery.counts).toMatchObject({ created: 5, exported: 2, rejected: 3 });
});
