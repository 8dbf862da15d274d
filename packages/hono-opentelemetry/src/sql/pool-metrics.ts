import type {
  BatchObservableResult,
  Histogram,
  Meter,
  MeterProvider,
  Observable,
} from '@opentelemetry/api';
import { currentInstruments, DATABASE_DURATION_BUCKETS } from '../current-instruments.ts';
import { safely } from '../safely.ts';

/** The numbers of a connection pool. */
export interface PoolState {
  readonly idle: number;
  readonly used: number;
  /** Requests for a connection that wait. */
  readonly pending: number;
  readonly limit: number | undefined;
}

/** Metrics of one connection pool. */
export interface PoolMetrics {
  /** Starts the observation of the pool, unless it has been started. */
  observe(): void;
  /** Records how long a caller waited for a connection. */
  recordWait(seconds: number): void;
  /** Ends the observation. */
  stop(): void;
}

/** A pool that is observed. */
interface ObservedPool {
  readonly read: () => PoolState;
  readonly provider: MeterProvider | undefined;
}

/** Pools by name. Those of one database share their time series, so these are sums. */
const poolsByName = new Map<string, Set<ObservedPool>>();

const POOL_NAME = 'db.client.connection.pool.name';
const STATE = 'db.client.connection.state';

/**
 * Creates the metrics of a connection pool.
 * @param name value of the attribute `db.client.connection.pool.name`
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-metrics/#connection-pools
 */
export function createPoolMetrics(
  name: string,
  read: () => PoolState,
  provider?: MeterProvider,
): PoolMetrics {
  const attributes = Object.freeze({ [POOL_NAME]: name });
  const idle = Object.freeze({ ...attributes, [STATE]: 'idle' });
  const used = Object.freeze({ ...attributes, [STATE]: 'used' });
  const pool: ObservedPool = { read, provider };
  let stopObserving: (() => void) | undefined;

  function create(meter: Meter): Histogram {
    const count = meter.createObservableUpDownCounter('db.client.connection.count', {
      description: 'Connections that are currently in the given state.',
      unit: '{connection}',
    });
    const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
      description: 'Requests that are waiting for a connection.',
      unit: '{request}',
    });
    const limit = meter.createObservableUpDownCounter('db.client.connection.limit', {
      description: 'The maximum number of open connections.',
      unit: '{connection}',
    });
    const observables: Observable[] = [count, pending, limit];
    const observe = (result: BatchObservableResult) => {
      const all = [...(poolsByName.get(name) ?? [])].filter((each) => each.provider === provider);
      if (all[0] !== pool) return;
      const states = all.map((each) => each.read());
      const sum = (key: keyof PoolState) =>
        states.reduce((total, state) => total + (state[key] ?? 0), 0);
      result.observe(count, sum('idle'), idle);
      result.observe(count, sum('used'), used);
      result.observe(pending, sum('pending'), attributes);
      if (states[0]?.limit !== undefined) result.observe(limit, sum('limit'), attributes);
    };
    stopObserving?.();
    const pools = poolsByName.get(name) ?? new Set();
    poolsByName.set(name, pools.add(pool));
    meter.addBatchObservableCallback(observe, observables);
    stopObserving = () => {
      pools.delete(pool);
      if (pools.size === 0) poolsByName.delete(name);
      meter.removeBatchObservableCallback(observe, observables);
    };
    return meter.createHistogram('db.client.connection.wait_time', {
      description: 'The time it took to obtain an open connection from the pool.',
      unit: 's',
      advice: { explicitBucketBoundaries: DATABASE_DURATION_BUCKETS },
    });
  }
  const waitTime = currentInstruments(create, provider);

  return {
    observe: () => void safely(waitTime),
    recordWait: (seconds) => safely(() => waitTime().record(seconds, attributes)),
    stop: () => safely(() => stopObserving?.()),
  };
}
