import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** One time series: an instrument with one set of attributes of one service. */
export interface MetricSeries {
  readonly service: string;
  readonly scope: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponential-histogram';
  readonly isMonotonic: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  /** Oldest first, cumulative since the first point unless `kind` is `gauge`. */
  readonly points: readonly MetricPoint[];
  /** The newest 20, oldest first. Most instruments have none. */
  readonly exemplars: readonly MetricExemplar[];
}

/** One recorded value of a series, with the span that recorded it. */
export interface MetricExemplar {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
}

export interface MetricPoint {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Value of a gauge or sum; count of a histogram. */
  readonly value: number;
  /** Histograms only. */
  readonly sum?: number | undefined;
  /** Smallest and largest recorded value since the first point, if the sender knows them. Histograms only. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Upper bounds and their counts; the last count has no bound. Histograms only. */
  readonly bounds?: readonly number[] | undefined;
  readonly counts?: readonly number[] | undefined;
}

export interface MetricStoreStats {
  readonly series: number;
  readonly points: number;
  /** Series that were not kept because of the limit. */
  readonly droppedSeries: number;
}

/** Keeps the latest points of each time series: at most 500 series with 360 points each. */
export interface MetricStore {
  addMetrics(metrics: ResourceMetrics): void;
  /** Series whose instrument has this name; all without it. */
  find(name?: string): readonly MetricSeries[];
  stats(): MetricStoreStats;
  clear(): void;
}
