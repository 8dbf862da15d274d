import type { Row } from './results.ts';

export interface Comparison {
  readonly name: string;
  readonly sentence: string;
  readonly isWorse: boolean;
}

type Rows = Readonly<Record<string, Row>>;

/** Worse is a cost over plain that is larger by more than both. */
const SHARE = 0.2;
const MICROS = 3;

/**
 * Compares what telemetry costs now with what it cost. A cost is taken as a share of plain of its own
 * run, so that the two may come from different machines.
 */
export function findRegressions(before: Rows, now: Rows): Comparison[] {
  const plainBefore = before.plain?.figures?.micros ?? Number.NaN;
  const plainNow = now.plain?.figures?.micros ?? Number.NaN;
  return Object.entries(now).flatMap(([name, { figures, received, expected }]) => {
    const figuresBefore = before[name]?.figures;
    if (name === 'plain' || figuresBefore === undefined) return [];
    if (figures === undefined) {
      const sentence = `${received} of ${expected} spans received, all of them before`;
      return [{ name, sentence, isWorse: true }];
    }
    const expectedCost = ((figuresBefore.micros - plainBefore) / plainBefore) * plainNow;
    const cost = figures.micros - plainNow;
    const sentence = `${cost.toFixed(1)} us over plain, ${expectedCost.toFixed(1)} were to be expected`;
    const worse = cost - expectedCost;
    return [{ name, sentence, isWorse: worse > MICROS && worse > SHARE * expectedCost }];
  });
}
