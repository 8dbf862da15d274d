import {
  type FailureDescription,
  formatFailure,
  type Signal,
} from 'opentelemetry-instrument-exporters';

/** Reports lost records of one exporter, human-readable. A problem that several signals share is one line. */
export interface LossReport {
  /** Name of the exporter. */
  readonly exporter: string;
  /** Reports records that are lost: at once, then at most once a minute with their number. */
  add(signal: Signal, count: number, loss: Loss): void;
  /** Reports that exports succeed again, if their failure was reported. */
  succeed(signal: Signal): void;
  /** Reports records that are lost because the program ends. */
  end(losses: readonly FinalLoss[]): void;
}

/** The reason why records are lost. */
export interface Loss extends Omit<FailureDescription, 'fix'> {
  /** Past participle of the loss: `dropped`. */
  readonly verb: string;
  readonly fix?: string | undefined;
  /** True if an export failed, so that a later success is news. */
  readonly isFailure?: boolean;
}

/** Records that were pending when the program ended. */
export interface FinalLoss {
  readonly signal: Signal;
  readonly count: number;
  readonly reason: FailureDescription;
}

/** A problem that is reported now or was reported a short time ago. */
interface Problem extends Loss {
  readonly firstReported: string;
  /** Lost records that no line has counted yet. */
  readonly counts: Map<Signal, number>;
  /** Signals whose last export failed. */
  readonly failing: Set<Signal>;
  isAnnounced: boolean;
}

const INTERVAL_MS = 60_000;
/** Maximum number of problems that are reported separately. Servers may respond with ever new messages. */
const MAX_PROBLEMS = 8;

const UNITS: Readonly<Record<Signal, string>> = {
  traces: 'span',
  metrics: 'data point',
  logs: 'log record',
};

/** Returns a number of records: `1 span`, `2 spans`. */
export function countRecords(signal: Signal, count: number, more = ''): string {
  return `${count} ${more}${UNITS[signal]}${count === 1 ? '' : 's'}`;
}

/** Returns the way of signals: `Traces, logs to otlp`. */
export function formatRoute(signals: Iterable<Signal>, exporter: string): string {
  return `${[...signals].join(', ').replace(/^./, (letter) => letter.toUpperCase())} to ${exporter}`;
}

/** Creates the report of an exporter, which its deliveries share. */
export function createLossReport(exporter: string, notify: (message: string) => void): LossReport {
  const problems = new Map<string, Problem>();

  function print(time: string, signals: Iterable<Signal>, clauses: (string | undefined)[]): void {
    const text = clauses.filter((clause) => clause !== undefined).join('; ');
    notify(`${time} ${formatRoute(signals, exporter)}: ${text}`);
  }

  function startPause(key: string, problem: Problem): void {
    setTimeout(() => {
      if (problem.counts.size === 0) {
        if (!problem.isAnnounced) problems.delete(key);
        else startPause(key, problem);
        return;
      }
      // Without a failing signal, the records were lost before exports succeeded.
      const isOver = problem.isFailure && problem.failing.size === 0;
      print(timeOfDay(), problem.counts.keys(), [
        `${lost(problem, 'more ')} since ${problem.firstReported}`,
        problem.problem,
        isOver ? 'exports succeed again' : undefined,
      ]);
      problem.isAnnounced = problem.failing.size > 0;
      problem.counts.clear();
      startPause(key, problem);
    }, INTERVAL_MS).unref();
  }

  return {
    exporter,
    add(signal, count, loss) {
      const wanted = `${loss.verb} ${loss.problem}`;
      const key = problems.has(wanted) || problems.size < MAX_PROBLEMS ? wanted : loss.verb;
      const known = problems.get(key);
      const problem = known ?? {
        ...loss,
        firstReported: timeOfDay(),
        counts: new Map(),
        failing: new Set(),
        isAnnounced: false,
      };
      problem.counts.set(signal, (problem.counts.get(signal) ?? 0) + count);
      if (loss.isFailure) problem.failing.add(signal);
      if (known) return;
      problems.set(key, problem);
      print(problem.firstReported, [signal], [lost(problem), loss.problem, loss.fix]);
      problem.isAnnounced = loss.isFailure === true;
      problem.counts.clear();
      startPause(key, problem);
    },
    succeed(signal) {
      for (const problem of problems.values()) {
        if (!problem.failing.has(signal)) continue;
        const signals = new Set([...problem.failing, ...problem.counts.keys()]);
        problem.failing.clear();
        if (!problem.isAnnounced) continue;
        const more = problem.counts.size > 0 ? `${lost(problem, 'more ')} before that` : undefined;
        print(timeOfDay(), signals, ['exports succeed again', more]);
        problem.isAnnounced = false;
        problem.counts.clear();
      }
    },
    end(losses) {
      const reasons = Map.groupBy(losses, ({ reason }) => formatFailure(reason));
      for (const [reason, group] of reasons) {
        const counts = group.map(({ signal, count }) => countRecords(signal, count)).join(', ');
        const signals = group.map(({ signal }) => signal);
        print(timeOfDay(), signals, [`${counts} dropped at the end`, reason]);
      }
    },
  };
}

function lost({ counts, verb }: Problem, more = ''): string {
  return `${[...counts].map(([signal, count]) => countRecords(signal, count, more)).join(', ')} ${verb}`;
}

/** Returns the local time: `12:03:04`. */
export function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
