import { expect, test } from 'vitest';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';
import { createLossReport } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/loss-report.ts';

const create = () =>
  createDelivery(
    'traces',
    createLossReport('otlp', () => {}),
  );

test('describe() counts records by outcome', () => {
  const delivery = create();
  expect(delivery.describe()).toBe('Traces to otlp: 0 spans created, 0 exported.');
  delivery.create(10);
  delivery.complete(4, { count: 1, message: 'too old' });
  delivery.drop(2, 'failed', { problem: 'refused' });
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

test('abandon() returns why records are pending, only if there are any', () => {
  const delivery = create();
  const reason = { problem: 'http://collector did not respond within 4.4 s', fix: 'check it' };
  delivery.pendingReason = () => reason;
  delivery.create(2);
  delivery.complete(1);
  expect(delivery.abandon()).toEqual({ signal: 'traces', count: 1, reason });
  expect(delivery.abandon()).toBeUndefined();
});

test('complete() counts at most the whole batch as rejected', () => {
  const delivery = create();
  delivery.create(5);
  delivery.complete(3, { count: 1_000_000, message: 'too old' });
  delivery.complete(2);
  expect(delivery.counts).toMatchObject({ created: 5, exported: 2, rejected: 3 });
});
