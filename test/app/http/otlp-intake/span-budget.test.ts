import { expect, test } from 'vitest';
import { createSpanBudget } from '../../../../src/http/otlp-intake/span-budget.ts';

test('createSpanBudget() accepts a burst of two seconds, then the rate', () => {
  let time = 5_000;
  const { secondsToWait, spend } = createSpanBudget({ rate: 10, now: () => time });
  spend(19);
  expect(secondsToWait()).toBe(0);
  spend(1);
  expect(secondsToWait()).toBeCloseTo(0.1);
  time += 100;
  expect(secondsToWait()).toBe(0);
});

test('createSpanBudget() makes a batch that overdraws it wait until that is paid back', () => {
  let time = 0;
  const { secondsToWait, spend } = createSpanBudget({ rate: 10, burst: 10, now: () => time });
  spend(100);
  expect(secondsToWait()).toBeCloseTo(9.1);
  time += 9_200;
  expect(secondsToWait()).toBe(0);
});

test('createSpanBudget() saves no more than its burst', () => {
  let time = 0;
  const { secondsToWait, spend } = createSpanBudget({ rate: 10, now: () => time });
  time += 1e9;
  spend(20);
  expect(secondsToWait()).toBeGreaterThan(0);
});
