import type { RejectedRecords, ServerAddress, Signal } from 'opentelemetry-instrument-exporters';
import { throttle } from '../throttle.ts';

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
  pendingReason?: () => string | undefined;
  /** Whether records were dropped or rejected. */
  readonly isLossy: boolean;
  /** Counts new records. */
  create(count: number): void;
  /** Uncounts records whose reader closed the pipe (`| head`). */
  discard(count: number): void;
  /** Counts the records of a successful export. @param rejected those of them that were rejected */
  complete(count: number, rejected?: RejectedRecords): void;
  /**
   * Counts dropped records.
   * @param detail the error of a failed export, human-readable
   * @param errorType its status or code
   */
  drop(count: number, reason: DropReason, detail?: string, errorType?: string): void;
  /** Counts pending records as dropped at the end of the program, and reports why they were pending. */
  abandon(): void;
  /** Returns a sentence with all counts. */
  describe(): string;
}

const UNITS: Readonly<Record<Signal, string>> = {
  traces: 'span',
  metrics: 'data point',
  logs: 'log record',
};

const REASONS: Readonly<Record<DropReason, string>> = {
  queue_full: 'the queue was full',
  unencodable: 'encoding failed',
  timeout: 'no response in time',
  failed: 'the export failed',
  shutdown: 'the program ended before',
};

/**
 * Creates the statistics of a signal and an exporter.
 * @param notify takes human-readable messages: that records are lost, and that exports succeed again
 */
export function createDelivery(
  signal: Signal,
  exporter: string,
  notify: (message: string) => void,
  componentType = `${exporter}_exporter`,
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
  const route = `${signal.replace(/^./, (letter) => letter.toUpperCase())} to ${exporter}`;
  const unit = (count: number) => `${UNITS[signal]}${count === 1 ? '' : 's'}`;
  function lost(): number {
    return Object.values(dropped).reduce((sum, count) => sum + count, counts.rejected);
  }
  function pending(): number {
    return counts.created - counts.exported - lost();
  }
  let isOver = false;
  let isFailing = false;
  // Recovery is announced only after the failure was announced.
  let isFailureAnnounced = false;
  let dropDetail = '';
  let rejectDetail = '';
  const notifyDropped = throttle((count, isFirst) => {
    isFailureAnnounced ||= isFailing;
    notify(`${route}: ${count} ${isFirst ? '' : 'more '}${unit(count)} dropped, ${dropDetail}.`);
  });
  const notifyRejected = throttle((count, isFirst) => {
    const detail = /[.!?]$/.test(rejectDetail) ? rejectDetail : `${rejectDetail}.`;
    notify(
      `${route}: ${count} ${isFirst ? '' : 'more '}${unit(count)} rejected by the collector: ${detail}`,
    );
  });

  const delivery: Delivery = {
    signal,
    exporter,
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
        rejectDetail = message || 'no reason given';
        notifyRejected(rejected);
      }
      if (isFailureAnnounced) {
        notify(`${route}: exports succeed again.`);
        isFailureAnnounced = isFailing = false;
      }
    },
    drop(count, reason, detail, errorType = '_OTHER') {
      if (isOver) return;
      dropped[reason] += count;
      if (reason === 'failed') failures.set(errorType, (failures.get(errorType) ?? 0) + count);
      dropDetail = detail ?? REASONS[reason];
      isFailing ||= reason === 'failed' || reason === 'timeout';
      if (count > 0) notifyDropped(count);
    },
    abandon() {
      const count = pending();
      const reason = count > 0 ? delivery.pendingReason?.() : undefined;
      if (reason) notify(`${route}: ${count} ${unit(count)} dropped at the end, ${reason}.`);
      dropped.shutdown += count;
      // Results that arrive later are ignored.
      isOver = true;
    },
    describe() {
      const { created, exported, rejected } = counts;
      const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
      return `${[
        `${route}: ${created} ${unit(created)} created, ${exported} exported`,
        ...(rejected > 0 ? [`${rejected} rejected by the collector`] : []),
        ...(pending() > 0 ? [`${pending()} pending`] : []),
        ...reasons.map(([reason, count]) => `${count} dropped (${REASONS[reason as DropReason]})`),
      ].join(', ')}.`;
    },
  };
  return delivery;
}

const NONE_REJECTED: RejectedRecords = { count: 0, message: '' };
