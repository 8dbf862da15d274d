import type {
  Attributes,
  BatchObservableResult,
  Meter,
  MeterProvider,
  Observable,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { Signal } from 'opentelemetry-instrument-exporters';
import { VERSION } from '../../version.ts';
import { SCHEMA_URL } from '../resource-attributes.ts';
import type { Delivery } from './delivery.ts';

/** The scope of metrics about telemetry itself. */
export const DELIVERY_SCOPE = 'opentelemetry-instrument.delivery';

interface RecordNames {
  /** The kind of record in metric names. */
  readonly record: string;
  readonly unit: string;
}

const NAMES: Readonly<Record<Signal, RecordNames>> = {
  traces: { record: 'span', unit: '{span}' },
  metrics: { record: 'metric_data_point', unit: '{data_point}' },
  logs: { record: 'log', unit: '{log_record}' },
};

/**
 * Creates metrics of deliveries: of exporters, and of processors that have a queue.
 *
 * A record counts as processed when the exporter receives it or when it is dropped before. It counts as
 * exported when the export has ended, with an `error.type` unless the collector accepted it.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
 */
export function measureDeliveries(provider: MeterProvider, deliveries: readonly Delivery[]): void {
  const meter = provider.getMeter(DELIVERY_SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
  for (const signal of Object.keys(NAMES) as Signal[]) {
    const ours = deliveries.filter((delivery) => delivery.signal === signal);
    const queued = ours.filter(({ queueSize }) => queueSize !== undefined);
    measureExporters(meter, NAMES[signal], ours);
    if (queued.length > 0) measureQueues(meter, NAMES[signal], queued);
  }
  measureDurations(meter, deliveries);
}

function measureExporters(meter: Meter, names: RecordNames, deliveries: readonly Delivery[]): void {
  const { record, unit } = names;
  const exported = meter.createObservableCounter(`otel.sdk.exporter.${record}.exported`, {
    description: 'Records whose export has ended, by outcome',
    unit,
  });
  const inflight = meter.createObservableUpDownCounter(`otel.sdk.exporter.${record}.inflight`, {
    description: 'Records that are being exported',
    unit,
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const delivery of deliveries) {
        const { counts, pending, queueSize } = delivery;
        const { rejected, dropped, failures } = counts;
        const component = exporterOf(delivery);
        const { timeout, unencodable } = dropped;
        const losses = { ...Object.fromEntries(failures), rejected, timeout, unencodable };
        result.observe(exported, counts.exported, component);
        observeLosses(result, exported, losses, component);
        result.observe(inflight, pending - (queueSize?.() ?? 0), component);
      }
    },
    [exported, inflight],
  );
}

function measureQueues(meter: Meter, names: RecordNames, deliveries: readonly Delivery[]): void {
  const { record, unit } = names;
  const processed = meter.createObservableCounter(`otel.sdk.processor.${record}.processed`, {
    description: 'Records passed to the exporter, or dropped before, by reason',
    unit,
  });
  const size = meter.createObservableUpDownCounter(`otel.sdk.processor.${record}.queue.size`, {
    description: 'Records in the queue',
    unit,
  });
  const capacity = meter.createObservableUpDownCounter(
    `otel.sdk.processor.${record}.queue.capacity`,
    { description: 'Maximum number of records in the queue', unit },
  );
  meter.addBatchObservableCallback(
    (result) => {
      for (const [index, delivery] of deliveries.entries()) {
        const { counts, queueSize = () => 0, queueCapacity } = delivery;
        const component = componentOf(`batching_${record}_processor`, index);
        const { queue_full, shutdown: already_shutdown } = counts.dropped;
        const queued = queueSize();
        result.observe(
          processed,
          counts.created - queue_full - already_shutdown - queued,
          component,
        );
        observeLosses(result, processed, { queue_full, already_shutdown }, component);
        result.observe(size, queued, component);
        if (queueCapacity !== undefined) result.observe(capacity, queueCapacity, component);
      }
    },
    [processed, size, capacity],
  );
}

/** Measures exports over the network. Exports to a terminal are one per record, within its request. */
function measureDurations(meter: Meter, deliveries: readonly Delivery[]): void {
  const duration = meter.createHistogram('otel.sdk.exporter.operation.duration', {
    description: 'Duration of exports, including retries',
    unit: 's',
    // The conventions recommend a single bucket.
    advice: { explicitBucketBoundaries: [] },
  });
  for (const delivery of deliveries.filter(({ server }) => server !== undefined)) {
    const exporter = exporterOf(delivery);
    delivery.onExported = (seconds, errorType) =>
      duration.record(
        seconds,
        errorType ? { ...exporter, [ATTR_ERROR_TYPE]: errorType } : exporter,
      );
  }
}

/** Observes the numbers of lost records. @param losses by `error.type` */
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

function exporterOf({ componentType, server }: Delivery): Attributes {
  return {
    ...componentOf(componentType),
    ...(server && { [ATTR_SERVER_ADDRESS]: server.address, [ATTR_SERVER_PORT]: server.port }),
  };
}
