import { expect } from 'vitest';
import type { ScenarioResult } from './scenario.ts';
import { CONCURRENCY } from './traffic.ts';

/** Share of traces that `deploy/kafka/sampler.yaml` keeps, in addition to failed and slow ones. */
const RATIO = 0.1;
/** Time in which an app sends a span after its end, and in which Kafka and the sampler pass it on. */
const DELIVERY_MS = 2_000;

/** Expects every failed trace whole, each span once, and nothing beyond the ratio. */
export function expectWhole({ traces }: ScenarioResult): void {
  expect(traces).toMatchObject({
    whole: traces.failed,
    partial: [],
    missing: [],
    duplicates: 0,
    unknown: [],
  });
  expectRatio({ traces });
}

/** Expects about a tenth of the other traces: five standard deviations at most. */
export function expectRatio({ traces: { kept, others } }: Pick<ScenarioResult, 'traces'>): void {
  const deviation = Math.sqrt(others * RATIO * (1 - RATIO));
  expect(Math.abs(kept - others * RATIO)).toBeLessThan(5 * deviation);
}

/** Expects that no span got lost between the apps and Kafka, and that all requests were counted before sampling. */
export function expectCounted({ spans, counted, responses }: ScenarioResult): void {
  const { created } = spans;
  expect(spans).toEqual({ created, exported: created, accepted: created, sent: created });
  expect(counted).toBe(responses);
}

/** Expects that an app that ends leaves at most the requests in progress without a response. */
export function expectResponses({ statuses }: ScenarioResult): void {
  expect(statuses.none ?? 0).toBeLessThanOrEqual(CONCURRENCY);
}

/** Expects that every acknowledged task is stored. */
export function expectDurable({ acknowledged, lost }: ScenarioResult): void {
  expect(acknowledged).toBeGreaterThan(0);
  expect(lost).toEqual([]);
}

/** Expects that each failed trace that is not whole had a span on its way while a sampler was away. */
export function expectLossExplained(
  { traces: { partial, missing }, samplerAway }: ScenarioResult,
  decisionWaitMs: number,
): void {
  if (samplerAway === undefined) throw new Error('No sampler was away');
  const from = samplerAway.from - decisionWaitMs - DELIVERY_MS;
  const unexplained = [...partial, ...missing].filter(
    ({ startedAt, endedAt }) => endedAt < from || startedAt > samplerAway.to,
  );
  expect(unexplained).toEqual([]);
}
