import type { Variable } from '../variable.ts';
import { choices, integer, text, timeout } from '../variable-kinds.ts';

/** Variables of metrics. */
export const metricVariables = {
  OTEL_METRICS_EXPORTER: choices({
    values: ['console', 'otlp', 'prometheus', 'viewer'],
    refused: { tree: 'the tree shows no metrics' },
    default: undefined,
    defaultText: '`none`, or `otlp` once its endpoint is set',
    help: 'where metrics go',
  }),
  OTEL_METRIC_EXPORT_INTERVAL: integer({
    default: undefined,
    defaultText: '60000; `console` 10000',
    min: 1,
    unit: 'ms',
    help: 'time between two exports',
  }),
  OTEL_METRIC_EXPORT_TIMEOUT: timeout({
    default: 30_000,
    help: 'time for one export, at most the interval',
  }),
  OTEL_METRICS_EXEMPLAR_FILTER: {
    form: 'always_on|always_off|trace_based',
    default: undefined,
    help: 'no effect: the SDK for JavaScript records no exemplars',
    parse: () => ({
      value: undefined,
      warning: {
        effect: 'which has no effect, since the SDK for JavaScript records no exemplars',
        fix: 'leave it out',
      },
    }),
  } satisfies Variable<undefined>,
  OTEL_EXPORTER_PROMETHEUS_HOST: text({
    form: '<address>',
    default: 'localhost',
    help: 'address where Prometheus reads /metrics',
  }),
  OTEL_EXPORTER_PROMETHEUS_PORT: integer({
    default: 9464,
    min: 1,
    max: 65_535,
    help: 'port where Prometheus reads /metrics',
  }),
};
