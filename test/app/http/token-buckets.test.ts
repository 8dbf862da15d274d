import { expect, test } from 'vitest';
import { createTokenBuckets } from '../../../src/http/middleware/token-buckets.ts';

test('createTokenBuckets() allows a burst of two seconds, then the rate', () => {
  let time = 5_000;
  const takeToken = createTokenBuckets({ rate: 10, now: () => time });
  const burst = Array.from({ length: 25 }, () => takeToken('a'));
  expect(burst.filter((seconds) => seconds === 0)).toHaveLength(20);
  expect(burst.at(-1)).toBeCloseTo(0.1);

  let taken = 0;
  for (let second = 1; second <= 100; second += 1) {
    for (let i = 0; i < 100; i += 1) {
      time += 10;
      if (takeToken('a') === 0) taken += 1;
    }
  }
  expect(taken).toBe(1_000);
});

test('createTokenBuckets() returns the exact time of the next token', () => {
  let time = 0;
  const takeToken = createTokenBuckets({ rate: 0.5, burst: 1, now: () => time });
  expect(takeToken('a')).toBe(0);
  time += 500;
  expect(takeToken('a')).toBeCloseTo(1.5);
  time += 1_499;
  expect(takeToken('a')).toBeCloseTo(0.001);
  time += 1;
  expect(takeToken('a')).toBe(0);
});

test('createTokenBuckets() fills a bucket again in two seconds, and no further', () => {
  let time = 0;
  const takeToken = createTokenBuckets({ rate: 3, now: () => time });
  for (const pause of [0, 2_000, 1e9]) {
    time += pause;
    const seconds = Array.from({ length: 7 }, () => takeToken('a'));
    expect(seconds.map((each) => each === 0)).toEqual([...Array(6).fill(true), false]);
  }
});

test('createTokenBuckets() has a bucket for each key', () => {
  const takeToken = createTokenBuckets({ rate: 1, burst: 1, now: () => 0 });
  expect([takeToken('a'), takeToken('b')]).toEqual([0, 0]);
  expect([takeToken('a'), takeToken('b'), takeToken('__proto__')]).toEqual([1, 1, 0]);
});

test('createTokenBuckets() forgets the bucket that was taken from the longest ago', () => {
  const takeToken = createTokenBuckets({ rate: 1, burst: 2, capacity: 2, now: () => 0 });
  for (const key of ['old', 'used', 'used']) takeToken(key);
  expect(takeToken('old')).toBe(0);
  takeToken('new');
  expect(takeToken('old')).toBe(1);
  expect(takeToken('used')).toBe(0);
});
