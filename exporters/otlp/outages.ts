import { diag } from '@opentelemetry/api';
import type { ExportFailure, Signal } from '../exporter.ts';
import { describeFailure, type FailureContext } from './failure/index.ts';

/** Reports failures that are retried: each problem once, with all signals that it affects. */
export interface OutageReporter {
  /** Reports a failed attempt as a warning, unless the signal is affected by an outage already. */
  begin(failure: ExportFailure, context: FailureContext): void;
  /**
   * Ends the outage that affects a signal after an export succeeded.
   * @param isRetry whether that export had failed before; if so, the end is reported
   */
  end(signal: Signal, isRetry: boolean): void;
}

/**
 * Creates the reporter of an exporter.
 *
 * A failure affects all signals with the same problem: a refused connection affects all signals of that
 * collector, a wrong path only one.
 * @param contexts of all signals that are exported; may grow
 */
export function createOutageReporter(contexts: readonly FailureContext[]): OutageReporter {
  /** The affected signals, each with all signals of its outage. */
  const outages = new Map<Signal, readonly Signal[]>();

  return {
    begin(failure, context) {
      if (outages.has(context.signal)) return;
      const { problem, fix } = describeFailure(failure, context);
      const signals = contexts
        .filter((each) => describeFailure(failure, each).problem === problem)
        .map(({ signal }) => signal);
      for (const signal of signals) outages.set(signal, signals);
      diag.warn(`${signals.join(', ')}: ${problem}, retrying; ${fix}`);
    },
    end(signal, isRetry) {
      const signals = outages.get(signal);
      if (signals === undefined) return;
      for (const each of signals) if (outages.get(each) === signals) outages.delete(each);
      if (isRetry) diag.warn(`${signals.join(', ')}: exports succeed again`);
    },
  };
}
