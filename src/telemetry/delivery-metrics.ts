import type {
  Attributes,
  BatchObservableResult,
  Meter,
  MeterProvider,
  Observable,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { Delivery } from './delivery.ts';
import type { Signal } from './exporter.ts';

interface Names {
  /** As metrics call a record. */
  readonly record: string;
  readonly unit: string;
}

const NAMES: Readonly<Record<Signal, Names>> = {
  traces: { record: 'span', unit: '{span}' },
  metrics: { record: 'metric_data_point', unit: '{data_point}' },
  logs: { record: 'log', unit: '{log_record}' },
};

/**
 * Makes metrics of the counts of deliveries: of exporters, and of processors that have a queue.
 *
 * A record is processed when it is handed to the exporter, or lost before; exported when that has
 * answered, without an `error.type` where it was accepted.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
 */
export function measureDeliveries(provider: MeterProvider, deliveries: readonly Delivery[]): void {
  const meter = provider.getMeter('todo.delivery');
  for (const signal of Object.keys(NAMES) as Signal[]) {
    const ours = deliveries.filter((delivery) => delivery.signal === signal);
    const queued = ours.filter(({ queueSize }) => queueSize !== undefined);
    measureExporters(meter, NAMES[signal], ours);
    if (queued.length > 0) measureQueues(meter, NAMES[signal], queued);
  }
}

function measureExporters(meter: Meter, names: Names, deliveries: readonly Delivery[]): void {
  const { record, unit } = names;
  const exported = meter.createObservableCounter(`otel.sdk.exporter.${record}.exported`, {
    description: 'Records whose export has ended, by how it ended',
    unit,
  });
  const inflight = meter.createObservableUpDownCounter(`otel.sdk.exporter.${record}.inflight`, {
    description: 'Records that the exporter has and has not answered for',
    unit,
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const { componentType, counts, pending, queueSize } of deliveries) {
        const { delivered, rejected, dropped } = counts;
        const component = componentOf(componentType);
        const { failed, timeout } = dropped;
        result.observe(exported, delivered, component);
        observeLosses(result, exported, { rejected, failed, timeout }, component);
        result.observe(inflight, pending - (queueSize?.() ?? 0), component);
      }
    },
    [exported, inflight],
  );
}

function measureQueues(meter: Meter, names: Names, deliveries: readonly Delivery[]): void {
  const { record, unit } = names;
  const processed = meter.createObservableCounter(`otel.sdk.processor.${record}.processed`, {
    description: 'Records that were handed to the exporter, or lost before, by why',
    unit,
  });
  const size = meter.createObservableUpDownCounter(`otel.sdk.processor.${record}.queue.size`, {
    description: 'Records that wait for a batch',
    unit,
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [index, { counts, queueSize = () => 0 }] of deliveries.entries()) {
        const component = componentOf(`batching_${record}_processor`, index);
        const { queue_full, shutdown: already_shutdown } = counts.dropped;
        const queued = queueSize();
        result.observe(processed, counts.made - queue_full - already_shutdown - queued, component);
        observeLosses(result, processed, { queue_full, already_shutdown }, component);
        result.observe(size, queued, component);
      }
    },
    [processed, size],
  );
}

/** @param losses by `error.type` */
function observeLosses(
  result: BatchObservableResult,
  instrument: Observable,
  losses: Readonly<Record<string, number>>,
  component: Attributes,
): void {
  for (const [type, count] of Object.entries(losses)) {
    if (count > 0) result.observe(instrument, count, { ...component, [ATTR_ERROR_TYPE]: type });
  }
}

function componentOf(type: string, index = 0): Attributes {
  return { 'otel.component.type': type, 'otel.component.name': `${type}/${index}` };
}
