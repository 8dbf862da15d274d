import type { ServerAddress, Signal } from 'opentelemetry-instrument-exporters';
import { throttle } from '../throttle.ts';

/** Why a record was dropped: `error.type` of `otel.sdk.*` metrics. */
export type DropReason = 'queue_full' | 'unencodable' | 'timeout' | 'failed' | 'shutdown';

/** How many records of one signal came how far. */
export interface DeliveryCounts {
  readonly made: number;
  /** Accepted by the other end. */
  readonly delivered: number;
  /** Refused by the other end in a partial success. */
  readonly rejected: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Records of failed exports, by `error.type`: the status or the code of the error. */
  readonly failures: ReadonlyMap<string, number>;
}

/**
 * What became of one signal's records on the way to one exporter: spans, log records or metric data
 * points. What is neither delivered nor rejected nor dropped is on its way.
 */
export interface Delivery {
  readonly signal: Signal;
  readonly exporter: string;
  /** Value of `otel.component.type` of that exporter. */
  readonly componentType: string;
  /** The server that the exporter sends to, if there is one. */
  readonly server: ServerAddress | undefined;
  readonly counts: DeliveryCounts;
  /** Records that are on their way. */
  readonly pending: number;
  /** How many of them wait for a batch; set by who has a queue. */
  queueSize?: () => number;
  /** The most records that may wait for a batch. */
  queueCapacity?: number;
  /** Takes the duration of each export and why it failed, if it did; set by metrics. */
  onExported?: (seconds: number, errorType?: string) => void;
  /** Why records have not arrived yet; set by who has an exporter that knows. */
  obstacle?: () => string | undefined;
  /** Whether records were dropped or rejected. */
  readonly isLossy: boolean;
  make(count: number): void;
  /** Takes back what nobody wanted to have: `| head` has seen enough. */
  unmake(count: number): void;
  deliver(count: number): void;
  /** Takes what the other end refuses of the batch that is delivered next. @param says its reason */
  reject(count: number, says: string): void;
  /** An answer came, rejections included, whose batch was given up before. */
  ignoreAnswer(): void;
  /**
   * @param detail a failed export's error, for a person
   * @param errorType its status or code
   */
  drop(count: number, reason: DropReason, detail?: string, errorType?: string): void;
  /** Counts what is still on its way as dropped, and tells what held it up: the program ends. */
  giveUp(): void;
  /** A sentence with all counts. */
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
  timeout: 'no answer came in time',
  failed: 'the export failed',
  shutdown: 'the program ended before',
};

/** @param tell takes a sentence for a person: that records are lost, and that they arrive again */
export function createDelivery(
  signal: Signal,
  exporter: string,
  tell: (sentence: string) => void,
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
  const counts = { made: 0, delivered: 0, rejected: 0, dropped, failures };
  const route = `${signal.replace(/^./, (letter) => letter.toUpperCase())} to ${exporter}`;
  const name = (count: number) => `${UNITS[signal]}${count === 1 ? '' : 's'}`;
  function lost(): number {
    return Object.values(dropped).reduce((sum, count) => sum + count, counts.rejected);
  }
  function pending(): number {
    return counts.made - counts.delivered - lost();
  }
  let isOver = false;
  let isFailing = false;
  // Of an exporter that now fails, now works, only what was told is taken back.
  let isKnownToFail = false;
  let why = '';
  let refused = 0;
  let says = '';
  const tellDropped = throttle((count, isFirst) => {
    isKnownToFail ||= isFailing;
    tell(`${route}: ${count} ${isFirst ? '' : 'more '}${name(count)} dropped, ${why}.`);
  });
  const tellRejected = throttle((count, isFirst) =>
    tell(
      `${route}: ${count} ${isFirst ? '' : 'more '}${name(count)} rejected by the other end: ${says.replace(/[.!?]?$/, (end) => end || '.')}`,
    ),
  );

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
    make(count) {
      if (!isOver) counts.made += count;
    },
    unmake(count) {
      if (!isOver) counts.made -= count;
    },
    deliver(count) {
      if (isOver) return;
      // Never more than there was, whatever the other end says.
      const rejected = Math.min(refused, count);
      refused = 0;
      counts.delivered += count - rejected;
      counts.rejected += rejected;
      if (rejected > 0) tellRejected(rejected);
      if (isKnownToFail) {
        tell(`${route}: delivered again.`);
        isKnownToFail = isFailing = false;
      }
    },
    reject(count, reason) {
      refused += count;
      says = reason;
    },
    ignoreAnswer() {
      refused = 0;
    },
    drop(count, reason, detail, errorType = '_OTHER') {
      if (isOver) return;
      dropped[reason] += count;
      if (reason === 'failed') failures.set(errorType, (failures.get(errorType) ?? 0) + count);
      why = detail ?? REASONS[reason];
      isFailing ||= reason === 'failed' || reason === 'timeout';
      if (count > 0) tellDropped(count);
    },
    giveUp() {
      const count = pending();
      const obstacle = count > 0 ? delivery.obstacle?.() : undefined;
      if (obstacle) tell(`${route}: ${count} ${name(count)} dropped at the end, ${obstacle}.`);
      dropped.shutdown += count;
      // Whatever comes now is too late to be told.
      isOver = true;
    },
    describe() {
      const { made, delivered, rejected } = counts;
      const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
      return `${[
        `${route}: ${made} ${name(made)} made, ${delivered} delivered`,
        ...(rejected > 0 ? [`${rejected} rejected by the other end`] : []),
        ...(pending() > 0 ? [`${pending()} on their way`] : []),
        ...reasons.map(([reason, count]) => `${count} dropped (${REASONS[reason as DropReason]})`),
      ].join(', ')}.`;
    },
  };
  return delivery;
}
