import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import {
  AggregationTemporality,
  AggregationType,
  MetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { orderMetricTimes } from '../sdk/clock/index.ts';

/** Exports of metrics, made at the end of invocations. */
export interface MetricExport {
  readonly reader: MetricReader;
  /**
   * Collects and exports metrics if they are due. Never rejects.
   * @param isIdle true if no invocation is running, so that the isolate may vanish
   */
  exportIfDue(isIdle: boolean): Promise<void>;
}

/** Options of `createMetricExport()`. */
export interface MetricExportOptions {
  /** Minimum time between two exports while invocations are running. */
  readonly intervalMillis: number;
  /** Also exports whenever the isolate becomes idle. */
  readonly exportsWhenIdle: boolean;
}

/** A collection that takes longer belongs to a canceled invocation. */
const COLLECTION_TIMEOUT_MS = 60_000;

class InvocationMetricReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Creates the exports of one exporter. */
export function createMetricExport(
  exporter: PushMetricExporter,
  { intervalMillis, exportsWhenIdle }: MetricExportOptions,
): MetricExport {
  const ordered = orderMetricTimes(exporter);
  const reader = new InvocationMetricReader({
    aggregationSelector: (type) =>
      ordered.selectAggregation?.(type) ?? { type: AggregationType.DEFAULT },
    aggregationTemporalitySelector: (type) =>
      ordered.selectAggregationTemporality?.(type) ?? AggregationTemporality.DELTA,
  });
  let exportedAt = Date.now();
  let collectingSince: number | undefined;

  async function collectAndExport(): Promise<void> {
    const { resourceMetrics } = await reader.collect();
    if (resourceMetrics.scopeMetrics.length === 0) return;
    await new Promise<void>((resolve) => ordered.export(resourceMetrics, () => resolve()));
  }

  return {
    reader,
    async exportIfDue(isIdle) {
      const now = Date.now();
      const isDue = now - exportedAt >= intervalMillis || (isIdle && exportsWhenIdle);
      const isCollecting =
        collectingSince !== undefined && now - collectingSince < COLLECTION_TIMEOUT_MS;
      if (!isDue || isCollecting) return;
      collectingSince = exportedAt = now;
      try {
        // Neither the export nor the queries of gauges create spans.
        await context.with(suppressTracing(ROOT_CONTEXT), collectAndExport);
      } catch {
        // Callbacks of instruments report their own errors.
      } finally {
        collectingSince = undefined;
      }
    },
  };
}
