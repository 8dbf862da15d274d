import type { RuntimeName } from '../test/support/app-command.ts';
import type { Measurement, Round } from './measure.ts';
import type { Disturbance } from './quiet.ts';
import { median, quantile, summarize } from './statistics.ts';

/** bench/results.json. */
export type Results = { readonly [R in RuntimeName]?: RuntimeResults };

/** One run. */
export interface RuntimeResults {
  readonly version: string;
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  /** Requests of the saturated window; the other has half of them. */
  readonly requests: number;
  /** The fixed rate, in requests per second. */
  readonly rate: number;
  readonly disturbance: Disturbance;
  /** The keys are the names of variants. */
  readonly variants: Readonly<Record<string, Row>>;
}

/** All rounds of one variant. */
export interface Row {
  /** Spans of all rounds. */
  readonly expected: number;
  readonly received: number;
  /** Spans that the program itself counted as dropped. */
  readonly dropped?: number;
  /** Left out when another number of spans was received than expected: losing them is cheap. */
  readonly figures?: Figures;
}

export interface Figures {
  readonly saturated: Cost;
  /** At the fixed rate. */
  readonly fixed: Cost & Latencies;
  /** Megabytes. */
  readonly peak: number;
}

/** Processor time per request, in microseconds: median of the rounds, and quartiles. */
export interface Cost {
  readonly micros: number;
  readonly lower: number;
  readonly upper: number;
  /** Part of it that other threads than the main one have used. */
  readonly otherThreads: number;
}

/** Milliseconds, of all rounds together. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Share of requests that the load sent more than 0.5 ms too late. */
  readonly late: number;
}

export function summarizeRounds(rounds: readonly Round[]): Row {
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

function figures(rounds: readonly Round[]): Figures {
  const fixed = rounds.map((each) => each.fixed);
  const latencies = Float64Array.from(fixed.flatMap((each) => [...each.latencies])).sort();
  return {
    saturated: cost(rounds.map((each) => each.saturated)),
    fixed: {
      ...cost(fixed),
      p50: round(quantile(latencies, 0.5), 3),
      p90: round(quantile(latencies, 0.9), 3),
      p99: round(quantile(latencies, 0.99), 3),
      late: round(median(fixed.map(({ late }) => late)), 3),
    },
    peak: round(median(rounds.map(({ peak }) => peak)), 0),
  };
}

function cost(measured: readonly Measurement[]): Cost {
  const { median: micros, lower, upper } = summarize(measured.map((each) => each.micros));
  return {
    micros: round(micros, 1),
    lower: round(lower, 1),
    upper: round(upper, 1),
    otherThreads: round(median(measured.map((each) => each.otherThreads)), 1),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
