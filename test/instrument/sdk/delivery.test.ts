import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';

const told: string[] = [];
const create = () => createDelivery('traces', 'otlp', (sentence) => told.push(sentence));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  told.length = 0;
});

test('a delivery says how many records came how far', () => {
  const delivery = create();
  expect(delivery.describe()).toBe('Traces to otlp: 0 spans made, 0 delivered.');
  delivery.make(10);
  delivery.reject(1, 'too old');
  delivery.deliver(4);
  delivery.drop(2, 'failed', 'refused');
  delivery.drop(1, 'queue_full');
  expect(delivery.describe()).toBe(
    'Traces to otlp: 10 spans made, 3 delivered, 1 rejected by the other end, 3 on their way, ' +
      '1 dropped (the queue was full), 2 dropped (the export failed).',
  );
  delivery.giveUp();
  expect(delivery.describe()).toContain('3 dropped (the program ended before)');
});

test('after the end it counts nothing that comes too late, neither answers nor records', () => {
  const delivery = create();
  delivery.make(2);
  delivery.giveUp();
  delivery.deliver(2);
  delivery.drop(2, 'failed');
  delivery.unmake(1);
  delivery.make(1);
  delivery.drop(1, 'shutdown');
  expect(delivery.counts).toMatchObject({
    made: 2,
    delivered: 0,
    dropped: { shutdown: 2, failed: 0 },
  });
  expect(delivery.pending).toBe(0);
});

test('the end tells what kept the records that are on their way, and nothing where none are', () => {
  const delivery = create();
  delivery.obstacle = () => 'http://collector gave no answer within 4.4 s';
  delivery.make(2);
  delivery.deliver(1);
  delivery.giveUp();
  delivery.giveUp();
  expect(told).toEqual([
    'Traces to otlp: 1 span dropped at the end, http://collector gave no answer within 4.4 s.',
  ]);
});

describe('a drop', () => {
  test('is told at once, then at most every minute with the count', () => {
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
    expect(told.slice(2)).toEqual(['Traces to otlp: 7 spans dropped, no answer came in time.']);
  });

  test('by a failing export is followed by a sentence when it works again, once', () => {
    const delivery = create();
    delivery.drop(1, 'failed', 'refused');
    delivery.deliver(1);
    delivery.deliver(1);
    expect(told.slice(1)).toEqual(['Traces to otlp: delivered again.']);
  });

  test('that was not told is followed by no sentence when the exporter works again', () => {
    const delivery = create();
    delivery.drop(1, 'failed', 'refused');
    delivery.deliver(1);
    told.length = 0;
    for (let i = 0; i < 5; i++) {
      delivery.drop(1, 'failed', 'refused');
      delivery.deliver(1);
    }
    expect(told).toEqual([]);
    vi.advanceTimersByTime(61_000);
    delivery.deliver(1);
    expect(told).toEqual([
      'Traces to otlp: 5 more spans dropped, refused.',
      'Traces to otlp: delivered again.',
    ]);
  });

  test('by a full queue says nothing of the exporter, which works', () => {
    const delivery = create();
    delivery.drop(1, 'queue_full');
    delivery.deliver(1);
    expect(told).toEqual(['Traces to otlp: 1 span dropped, the queue was full.']);
  });
});

test('what the other end rejects is told at once, then at most every minute', () => {
  const delivery = create();
  delivery.make(9);
  for (let i = 0; i < 3; i++) {
    delivery.reject(2, 'too old');
    delivery.deliver(3);
  }
  vi.advanceTimersByTime(61_000);
  expect(told).toEqual([
    'Traces to otlp: 2 spans rejected by the other end: too old.',
    'Traces to otlp: 4 more spans rejected by the other end: too old.',
  ]);
  expect(delivery.counts).toMatchObject({ made: 9, delivered: 3, rejected: 6 });
});

test('no more of a batch is rejected than there was, whatever the other end says', () => {
  const delivery = create();
  delivery.make(5);
  delivery.reject(1_000_000, 'too old');
  delivery.deliver(3);
  delivery.deliver(2);
  expect(delivery.counts).toMatchObject({ made: 5, delivered: 2, rejected: 3 });
});
