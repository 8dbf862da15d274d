import { expect, test } from 'vitest';
import { overheadOf } from '../../bench/overhead.ts';
import type { Row } from '../../bench/results.ts';

function row(saturated: number, fixed: number): Row {
  const cost = { lower: 0, upper: 0, otherThreads: 0 };
  const latencies = { p50: 0, p90: 0, p99: 0, late: 0 };
  return {
    expected: 1,
    received: 1,
    figures: {
      saturated: { ...cost, micros: saturated },
      fixed: { ...cost, ...latencies, micros: fixed },
      peak: 0,
    },
  };
}

const rows = { plain: row(100, 200), ours: row(110, 230), '@hono/otel': row(150, 260) };

test('overheadOf() returns the cost over plain, and its share of plain and of the best peer', () => {
  expect(overheadOf('ours', rows)).toEqual({ micros: 10, ofPlain: 0.1, ofPeer: 0.2 });
  expect(overheadOf('ours', rows, 'fixed')).toEqual({ micros: 30, ofPlain: 0.15, ofPeer: 0.5 });
});

test('overheadOf() returns NaN for a variant that lost spans, and without a peer', () => {
  const lost = { ...rows, ours: { expected: 2, received: 1 } };
  expect(overheadOf('ours', lost)).toEqual({ micros: NaN, ofPlain: NaN, ofPeer: NaN });
  const { plain, ours } = rows;
  expect(overheadOf('ours', { plain, ours })).toEqual({ micros: 10, ofPlain: 0.1, ofPeer: NaN });
});
