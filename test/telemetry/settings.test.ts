import { describe, expect, test } from 'vitest';
import { readTelemetrySettings } from '../../src/telemetry/settings.ts';

const KNOWN = ['console', 'otlp', 'tree'];
const read = (env: Record<string, string>) => readTelemetrySettings(env, KNOWN);

describe('readTelemetrySettings()', () => {
  const unset = { traces: ['tree'], metrics: [], logs: ['tree'] };

  test.each([
    [{}, unset],
    [
      { OTEL_TRACES_EXPORTER: '', OTEL_METRICS_EXPORTER: ' ', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
      unset,
    ],
    [
      { OTEL_TRACES_EXPORTER: 'CONSOLE', OTEL_LOGS_EXPORTER: ' otlp ' },
      { ...unset, traces: ['console'], logs: ['otlp'] },
    ],
    [{ OTEL_TRACES_EXPORTER: 'console,otlp' }, { ...unset, traces: ['console', 'otlp'] }],
    [{ OTEL_TRACES_EXPORTER: 'otlp,otlp,' }, { ...unset, traces: ['otlp'] }],
    [
      { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
      { traces: [], metrics: [], logs: [] },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' },
      { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] },
    ],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://h' }, { ...unset, metrics: ['otlp'] }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_LOGS_EXPORTER: 'none' },
      { traces: ['otlp'], metrics: ['otlp'], logs: [] },
    ],
  ])('chooses exporters by %j', (env, exporters) => {
    expect(read(env as Record<string, string>)).toMatchObject({
      exporters,
      warnings: [],
      errors: [],
    });
  });

  test.each([
    ['none,console', [], 'none wins'],
    ['console,none', [], 'none wins'],
    ['zipkin', ['tree'], 'names "zipkin", which is no exporter: traces go to tree.'],
    ['zipkin,otlp', ['otlp'], 'names "zipkin", which is no exporter: traces go to otlp.'],
  ])('warns once about OTEL_TRACES_EXPORTER=%s', (value, traces, words) => {
    const { exporters, warnings } = read({ OTEL_TRACES_EXPORTER: value });
    expect(exporters.traces).toEqual(traces);
    expect(warnings).toEqual([expect.stringContaining(words)]);
  });

  test.each([
    ['true', true, 0],
    ['TRUE', true, 0],
    [' true ', true, 0],
    ['false', false, 0],
    ['', false, 0],
    ['1', false, 1],
    ['yes', false, 1],
  ])('takes OTEL_SDK_DISABLED=%j as %s with %s warnings', (value, disabled, count) => {
    const settings = read({ OTEL_SDK_DISABLED: value });
    expect(settings.disabled).toBe(disabled);
    expect(settings.warnings).toHaveLength(count);
  });

  test.each([
    ['250', 250, 0],
    ['', undefined, 0],
    ['0', undefined, 1],
    ['-1', undefined, 1],
    ['10.5', undefined, 1],
    ['1e3', undefined, 1],
    ['Infinity', undefined, 1],
    ['99999999999', undefined, 1],
  ])('takes OTEL_METRIC_EXPORT_INTERVAL=%j as %s with %s warnings', (value, interval, count) => {
    const settings = read({ OTEL_METRIC_EXPORT_INTERVAL: value });
    expect(settings.metricInterval).toBe(interval);
    expect(settings.warnings).toHaveLength(count);
  });

  test('refuses protocols that are not there, where OTLP is used, once each', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(read(env).errors).toEqual([]);
    expect(read({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' }).errors).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", which is not supported yet: write http/protobuf.',
    ]);
    const own = {
      ...env,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'HTTP/protobuf',
    };
    expect(read(own).errors).toEqual([]);
  });
});
