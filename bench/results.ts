import type { RuntimeName } from '../test/support/app-command.ts';
import type { Measurement } from './measure.ts';
import { median, summarize } from './statistics.ts';

/** bench/results.json. */
export type Results = { readonly [R in RuntimeName]?: RuntimeResults };

/** One run. */
export interface RuntimeResults {
  readonly version: string;
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  /** Of each round. */
  readonly requests: number;
  /** By the name of the variant. */
  readonly variants: Readonly<Record<string, Row>>;
}

/** All rounds of one variant. */
export interface Row {
  /** Spans of all rounds. */
  readonly expected: number;
  readonly received: number;
  /** As the program itself counts. */
  readonly dropped?: number;
  /** Left out when a round received another number of spans than expected: losing them is cheap. */
  readonly figures?: Figures;
}

/** Medians of the rounds. */
export interface Figures {
  /** Processor time a request, microseconds, with quartiles. */
  readonly micros: number;
  readonly lower: number;
  readonly upper: number;
  /** Latencies, milliseconds. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Megabytes. */
  readonly peak: number;
  /** Share of requests that the load sent more than 0.5 ms too late. */
  readonly late: number;
}

export function summarizeRounds(rounds: readonly Measurement[]): Row {
  const sum = (key: 'expected' | 'received') =>
    rounds.reduce((total, each) => total + each[key], 0);
  const isComplete = rounds.every(({ expected, received }) => expected === received);
  const dropped = rounds.flatMap((each) => each.dropped ?? []);
  return {
    expected: sum('expected'),
    received: sum('received'),
    ...(dropped.length > 0 && { dropped: dropped.reduce((total, count) => total + count) }),
    ...(isComplete && { figures: figures(rounds) }),
  };
}

function figures(rounds: readonly Measurement[]): Figures {
  const { median: micros, lower, upper } = summarize(rounds.map((each) => each.micros));
  const of = (key: 'p50' | 'p90' | 'p99' | 'peak' | 'late') =>
    round(median(rounds.map((each) => each[key])), 3);
  return {
    micros: round(micros, 1),
    lower: round(lower, 1),
    upper: round(upper, 1),
    p50: of('p50'),
    p90: of('p90'),
    p99: of('p99'),
    peak: of('peak'),
    late: of('late'),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
