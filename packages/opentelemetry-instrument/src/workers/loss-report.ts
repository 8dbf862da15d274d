import type { Signal } from 'opentelemetry-instrument-exporters';
import {
  countRecords,
  formatRoute,
  type LossReport,
  timeOfDay,
} from '../sdk/export-stats/index.ts';
import type { throttle } from '../sdk/throttle.ts';

const INTERVAL_MS = 60_000;
/** Maximum number of problems that are reported separately. */
const MAX_PROBLEMS = 8;

/** Lost records of one problem that no line has counted yet. */
interface Problem {
  reportedAt: number;
  readonly counts: Map<Signal, number>;
}

/**
 * Creates the report of an exporter: a problem at once, then its number of records at most once a minute, with
 * the next loss. There are no timers, which would end with their invocation.
 */
export function createWorkerLossReport(
  exporter: string,
  notify: (message: string) => void,
): LossReport {
  const problems = new Map<string, Problem>();
  const failing = new Set<Signal>();

  return {
    exporter,
    add(signal, count, { verb, problem, fix, isFailure }) {
      const wanted = `${verb}; ${problem}`;
      const key = problems.has(wanted) || problems.size < MAX_PROBLEMS ? wanted : verb;
      const known = problems.get(key) ?? {
        reportedAt: Number.NEGATIVE_INFINITY,
        counts: new Map(),
      };
      problems.set(key, known);
      known.counts.set(signal, (known.counts.get(signal) ?? 0) + count);
      if (isFailure) failing.add(signal);
      if (Date.now() - known.reportedAt < INTERVAL_MS) return;
      known.reportedAt = Date.now();
      const lost = [...known.counts]
        .map(([each, records]) => countRecords(each, records))
        .join(', ');
      const clauses = [`${lost} ${verb}`, problem, fix].filter((clause) => clause !== undefined);
      notify(`${timeOfDay()} ${formatRoute(known.counts.keys(), exporter)}: ${clauses.join('; ')}`);
      known.counts.clear();
    },
    succeed(signal) {
      if (!failing.delete(signal)) return;
      notify(`${timeOfDay()} ${formatRoute([signal], exporter)}: exports succeed again`);
    },
    end() {},
  };
}

/** Does the same as `throttle()` without timers: a suppressed count is reported with the next call that is due. */
export const throttleByClock: typeof throttle = (report, intervalMillis = INTERVAL_MS) => {
  let reportedAt = Number.NEGATIVE_INFINITY;
  let pending = 0;
  return (count = 1) => {
    pending += count;
    const isFirst = reportedAt === Number.NEGATIVE_INFINITY;
    if (Date.now() - reportedAt < intervalMillis) return;
    reportedAt = Date.now();
    report(pending, isFirst);
    pending = 0;
  };
};
