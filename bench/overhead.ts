import type { Row } from './results.ts';
import { bestPeer } from './variants.ts';

/** The rows of a run, by the names of their variants. */
export type Rows = Readonly<Record<string, Row>>;

/** Processor time per request that a variant adds to plain. Everything is NaN if a figure is missing. */
export interface Overhead {
  readonly micros: number;
  /** Share of the processor time of plain. */
  readonly ofPlain: number;
  /** Share of the overhead of the best peer. */
  readonly ofPeer: number;
}

/** Returns what a variant costs over plain, for a saturated server or at the fixed rate. */
export function overheadOf(
  name: string,
  rows: Rows,
  load: 'saturated' | 'fixed' = 'saturated',
): Overhead {
  const plain = rows.plain?.figures?.[load].micros ?? Number.NaN;
  const micros = (rows[name]?.figures?.[load].micros ?? Number.NaN) - plain;
  const peer = (bestPeer(rows)?.[load].micros ?? Number.NaN) - plain;
  return { micros, ofPlain: micros / plain, ofPeer: micros / peer };
}
