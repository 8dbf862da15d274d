import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { Delivery } from './delivery.ts';
import type { Signal } from './exporter.ts';

const RECORDS: Readonly<Record<Signal, { readonly name: string; readonly unit: string }>> = {
  traces: { name: 'span', unit: '{span}' },
  metrics: { name: 'metric_data_point', unit: '{data_point}' },
  logs: { name: 'log', unit: '{log_record}' },
};

/** The conventions' name for what the exporter `otlp` is; the others have none and keep their own. */
const OTLP_TYPES: Readonly<Record<Signal, string>> = {
  traces: 'otlp_http_span_exporter',
  metrics: 'otlp_http_metric_exporter',
  logs: 'otlp_http_log_exporter',
};

/**
 * Makes metrics of the counts of deliveries: `exported` is what has been answered, without an
 * `error.type` where it was accepted; `inflight` waits for a batch or for an answer.
 *
 * What found the queue full has never reached the exporter and is counted with it nevertheless, as
 * `error.type=queue_full`: the sum of all is what was made.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
 */
export function measureDeliveries(provider: MeterProvider, deliveries: readonly Delivery[]): void {
  const meter = provider.getMeter('todo.delivery');
  for (const signal of Object.keys(RECORDS) as Signal[]) {
    const { name, unit } = RECORDS[signal];
    const exported = meter.createObservableCounter(`otel.sdk.exporter.${name}.exported`, {
      description: 'Records whose export has ended, by how it ended',
      unit,
    });
    const inflight = meter.createObservableUpDownCounter(`otel.sdk.exporter.${name}.inflight`, {
      description: 'Records that wait for a batch or for an answer',
      unit,
    });
    meter.addBatchObservableCallback(
      (result) => {
        for (const delivery of deliveries.filter((each) => each.signal === signal)) {
          const component = componentOf(delivery);
          const { delivered, rejected, dropped } = delivery.counts;
          result.observe(exported, delivered, component);
          for (const [type, count] of Object.entries({ rejected, ...dropped })) {
            if (count > 0)
              result.observe(exported, count, { ...component, [ATTR_ERROR_TYPE]: type });
          }
          result.observe(inflight, delivery.pending, component);
        }
      },
      [exported, inflight],
    );
  }
}

function componentOf({ signal, exporter }: Delivery): Attributes {
  const type = exporter === 'otlp' ? OTLP_TYPES[signal] : `${exporter}_exporter`;
  return { 'otel.component.type': type, 'otel.component.name': `${type}/0` };
}
