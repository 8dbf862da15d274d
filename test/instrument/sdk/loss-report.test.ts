import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLossReport } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/loss-report.ts';

const lines: string[] = [];
const create = () => createLossReport('otlp', (message) => lines.push(message));
const refused = {
  verb: 'dropped',
  problem: 'http://collector:4318 refused the connection',
  fix: 'start a Collector',
  isFailure: true,
};
const full = { verb: 'dropped', problem: 'the queue was full' };

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 0, 1, 12, 3, 4) }));
afterEach(() => {
  vi.useRealTimers();
  lines.length = 0;
});

test('the first lost record is reported immediately, later ones once a minute with a count', () => {
  const report = create();
  report.add('traces', 1, refused);
  report.add('traces', 300, refused);
  vi.advanceTimersByTime(59_000);
  expect(lines).toEqual([
    '12:03:04 Traces to otlp: 1 span dropped; http://collector:4318 refused the connection; start a Collector',
  ]);
  vi.advanceTimersByTime(2_000);
  expect(lines.slice(1)).toEqual([
    '12:04:04 Traces to otlp: 300 more spans dropped since 12:03:04; http://collector:4318 refused the connection',
  ]);
  vi.advanceTimersByTime(3_600_000);
  expect(lines).toHaveLength(2);
});

test('a problem that several signals share is one line, and so is its end', () => {
  const report = create();
  report.add('traces', 2, refused);
  report.add('metrics', 8, refused);
  report.add('logs', 1, refused);
  expect(lines).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  for (const signal of ['logs', 'traces', 'metrics'] as const) report.succeed(signal);
  expect(lines.slice(1)).toEqual([
    '12:03:14 Traces, metrics, logs to otlp: exports succeed again; 8 more data points, 1 more log record dropped before that',
  ]);
  vi.advanceTimersByTime(3_600_000);
  expect(lines).toHaveLength(2);
});

test('the success of a signal does not end the problem of another', () => {
  const report = create();
  report.add('traces', 1, refused);
  report.succeed('logs');
  expect(lines).toHaveLength(1);
});

test('exports that fail now and then are two lines at first, then one line a minute', () => {
  const report = create();
  report.add('traces', 1, refused);
  report.succeed('traces');
  expect(lines.slice(1)).toEqual(['12:03:04 Traces to otlp: exports succeed again']);
  for (let i = 0; i < 5; i++) {
    report.add('traces', 1, refused);
    report.succeed('traces');
  }
  vi.advanceTimersByTime(61_000);
  expect(lines.slice(2)).toEqual([
    '12:04:04 Traces to otlp: 5 more spans dropped since 12:03:04; http://collector:4318 refused the connection; exports succeed again',
  ]);
});

test('a problem other than a failed export is reported without its end', () => {
  const report = create();
  report.add('traces', 1, full);
  report.succeed('traces');
  expect(lines).toEqual(['12:03:04 Traces to otlp: 1 span dropped; the queue was full']);
});

test('rejected records are reported with the reason of the collector', () => {
  const report = create();
  const rejected = { verb: 'rejected by the collector', problem: 'too old' };
  for (let i = 0; i < 3; i++) report.add('traces', 2, rejected);
  vi.advanceTimersByTime(61_000);
  expect(lines).toEqual([
    '12:03:04 Traces to otlp: 2 spans rejected by the collector; too old',
    '12:04:04 Traces to otlp: 4 more spans rejected by the collector since 12:03:04; too old',
  ]);
});

test('a server with a new reason for each failure cannot flood the output', () => {
  const report = create();
  for (let i = 0; i < 1_000; i++) report.add('logs', 1, { ...refused, problem: `error ${i}` });
  vi.advanceTimersByTime(61_000);
  expect(lines.length).toBeLessThan(12);
  const numbers = lines.map((line) => Number(/: (\d+)/.exec(line)?.[1]));
  expect(numbers.reduce((sum, count) => sum + count)).toBe(1_000);
});

test('records that are pending at the end are one line for each reason', () => {
  const reason = { problem: 'http://collector:4318 did not respond within 4.4 s', fix: 'check it' };
  create().end([
    { signal: 'traces', count: 2, reason },
    { signal: 'logs', count: 1, reason },
  ]);
  expect(lines).toEqual([
    '12:03:04 Traces, logs to otlp: 2 spans, 1 log record dropped at the end; http://collector:4318 did not respond within 4.4 s; check it',
  ]);
});
