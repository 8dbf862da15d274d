import type {
  FailureDescription,
  RejectedRecords,
  ServerAddress,
  Signal,
} from 'opentelemetry-instrument-exporters';
import { countRecords, type FinalLoss, formatRoute, type LossReport } from './loss-report.ts';

/** The reason why a record was dropped: `error.type` of `otel.sdk.*` metrics. */
export type DropReason = 'queue_full' | 'unencodable' | 'timeout' | 'failed' | 'shutdown';

/** Numbers of records of one signal. */
export interface DeliveryCounts {
  readonly created: number;
  /** Accepted by the collector. */
  readonly exported: number;
  /** Rejected by the collector in a partial success. */
  readonly rejected: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Records of failed exports, by `error.type`: the status or the code of the error. */
  readonly failures: ReadonlyMap<string, number>;
}

/**
 * Statistics of one signal's records on their way to one exporter: spans, log records or metric data
 * points. Records that are neither exported nor rejected nor dropped are pending.
 */
export interface Delivery {
  readonly signal: Signal;
  readonly exporter: string;
  /** Value of `otel.component.type` of that exporter. */
  readonly componentType: string;
  /** The server that the exporter sends to, if there is one. */
  readonly server: ServerAddress | undefined;
  readonly counts: DeliveryCounts;
  /** Records without an outcome. */
  readonly pending: number;
  /** Number of pending records in the queue; set by processors that have a queue. */
  queueSize?: () => number;
  /** Maximum number of records in the queue. */
  queueCapacity?: number;
  /** Receives the duration of each export and the `error.type` of failures; set by metrics. */
  onExported?: (seconds: number, errorType?: string) => void;
  /** Returns why records are pending; set if the exporter reports it. */
  pendingReason?: () => FailureDescription | undefined;
  /** True if records were dropped or rejected. */
  readonly isLossy: boolean;
  /** Counts new records. */
  create(count: number): void;
  /** Uncounts records whose reader closed the pipe (`| head`). */
  discard(count: number): void;
  /** Counts the records of a successful export. @param rejected those of them that were rejected */
  complete(count: number, rejected?: RejectedRecords): void;
  /**
   * Counts dropped records.
   * @param description the reason of a failed export
   * @param errorType its status or code
   */
  drop(
    count: number,
    reason: DropReason,
    description?: { readonly problem: string; readonly fix?: string },
    errorType?: string,
  ): void;
  /**
   * Counts pending records as dropped at the end of the program.
   * @returns their number and why they were pending, if the exporter knows it
   */
  abandon(): FinalLoss | undefined;
  /** Returns a sentence with all counts. */
  describe(): string;
}

const REASONS: Readonly<Record<DropReason, string>> = {
  queue_full: 'the queue was full',
  unencodable: 'encoding failed',
  timeout: 'no response in time',
  failed: 'the export failed',
  shutdown: 'the program ended before',
};

/**
 * Creates the statistics of a signal and an exporter.
 * @param losses the report of the exporter
 */
export function createDelivery(
  signal: Signal,
  losses: LossReport,
  componentType = `${losses.exporter}_exporter`,
  server?: ServerAddress,
): Delivery {
  const dropped: Record<DropReason, number> = {
    queue_full: 0,
    unencodable: 0,
    timeout: 0,
    failed: 0,
    shutdown: 0,
  };
  const failures = new Map<string, number>();
  const counts = { created: 0, exported: 0, rejected: 0, dropped, failures };
  function lost(): number {
    return Object.values(dropped).reduce((sum, count) => sum + count, counts.rejected);
  }
  function pending(): number {
    return counts.created - counts.exported - lost();
  }
  let isOver = false;

  const delivery: Delivery = {
    signal,
    exporter: losses.exporter,
    componentType,
    server,
    counts,
    get pending() {
      return pending();
    },
    get isLossy() {
      return lost() > 0;
    },
    create(count) {
      if (!isOver) counts.created += count;
    },
    discard(count) {
      if (!isOver) counts.created -= count;
    },
    complete(count, { count: claimed, message } = NONE_REJECTED) {
      if (isOver) return;
      // A collector may claim to have rejected more records than it received.
      const rejected = Math.min(claimed, count);
      counts.exported += count - rejected;
      counts.rejected += rejected;
      if (rejected > 0) {
        const problem = message || 'it gives no reason';
        losses.add(signal, rejected, { verb: 'rejected by the collector', problem });
      }
      losses.succeed(signal);
    },
    drop(count, reason, description, errorType = '_OTHER') {
      if (isOver) return;
      dropped[reason] += count;
      if (reason === 'failed') failures.set(errorType, (failures.get(errorType) ?? 0) + count);
      if (count === 0) return;
      const isFailure = reason === 'failed' || reason === 'timeout';
      losses.add(signal, count, {
        verb: 'dropped',
        ...(description ?? { problem: REASONS[reason] }),
        isFailure,
      });
    },
    abandon() {
      const count = pending();
      const reason = count > 0 ? delivery.pendingReason?.() : undefined;
      dropped.shutdown += count;
      // Results that arrive later are ignored.
      isOver = true;
      return reason && { signal, count, reason };
    },
    describe() {
      const { created, exported, rejected } = counts;
      const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
      return `${[
        `${formatRoute([signal], losses.exporter)}: ${countRecords(signal, created)} created, ${exported} exported`,
        ...(rejected > 0 ? [`${rejected} rejected by the collector`] : []),
        ...(pending() > 0 ? [`${pending()} pending`] : []),
        ...reasons.map(([reason, count]) => `${count} dropped (${REASONS[reason as DropReason]})`),
      ].join(', ')}.`;
    },
  };
  return delivery;
}

const NONE_REJECTED: RejectedRecords = { count: 0, message: '' };
