import { overheadOf, type Rows } from './overhead.ts';

export interface Comparison {
  readonly name: string;
  readonly sentence: string;
  readonly isWorse: boolean;
}

/** A regression is a cost over plain that rises by more than this share, and by more than this share of plain. */
const SHARE = 0.2;
const SHARE_OF_PLAIN = 0.03;

/**
 * Compares the cost of telemetry with a committed run.
 *
 * A cost is a share of plain, and of the best peer, in its own run. So the runs may come from different
 * machines. A variant is worse if both shares are.
 */
export function findRegressions(before: Rows, now: Rows): Comparison[] {
  return Object.entries(now).flatMap(([name, { figures, received, expected }]) => {
    const figuresBefore = before[name]?.figures;
    if (!name.startsWith('ours') || figuresBefore === undefined) return [];
    if (figures === undefined) {
      const sentence = `${received} of ${expected} spans received, all of them before`;
      return [{ name, sentence, isWorse: true }];
    }
    const overheads = [before, now].map((rows) => overheadOf(name, rows));
    const ofPlain = overheads.map((overhead) => overhead.ofPlain);
    const ofPeer = overheads.map((overhead) => overhead.ofPeer);
    // Without a peer that lost nothing, only plain is left to compare with.
    const isWorseThanPeer = ofPeer.some(Number.isNaN) || isWorse(ofPeer);
    const sentence =
      `${percent(ofPlain[1])} over plain, ${percent(ofPlain[0])} before; ` +
      `${percent(ofPeer[1])} of the best peer's cost, ${percent(ofPeer[0])} before`;
    return [{ name, sentence, isWorse: isWorse(ofPlain, SHARE_OF_PLAIN) && isWorseThanPeer }];
  });
}

function isWorse([before = 0, now = 0]: readonly number[], margin = 0): boolean {
  return now - before > Math.max(margin, SHARE * before);
}

function percent(share: number | undefined): string {
  return `${(100 * (share ?? Number.NaN)).toFixed(0)} %`;
}
