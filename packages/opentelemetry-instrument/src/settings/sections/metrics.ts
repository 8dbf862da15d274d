import { choice, choices, integer, text, timeout } from '../variable-kinds.ts';

/** Variables of metrics. */
export const metricVariables = {
  OTEL_METRICS_EXPORTER: choices({
    values: ['console', 'otlp', 'prometheus', 'viewer'],
    refused: { tree: 'does not show metrics' },
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
  OTEL_METRICS_EXEMPLAR_FILTER: choice({
    values: ['always_on', 'always_off', 'trace_based'],
    default: 'trace_based',
    help: 'measurements of histograms that become exemplars; needs OTEL_JS_FAST_PATH_ENABLED',
  }),
  OTEL_EXPORTER_PROMETHEUS_HOST: text({
    form: '<address>',
    default: 'localhost',
    help: 'address where Prometheus reads /metrics',
  }),
  OTEL_EXPORTER_PROMETHEUS_PORT: integer({
    default: 9464,
    min: 1,
    max: 65_535,
    noun: 'a port',
    help: 'port where Prometheus reads /metrics',
  }),
};
