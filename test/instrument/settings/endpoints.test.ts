import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../../packages/opentelemetry-instrument/src/settings/problem.ts';
import { readSettings } from '../../../packages/opentelemetry-instrument/src/settings/read-settings.ts';

function read(variable: Record<string, string>) {
  const { otlp, problems } = readSettings({ variable });
  return {
    urls: [otlp.traces.url, otlp.metrics.url, otlp.logs.url],
    said: problems.map(describeProblem),
  };
}

const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const TRACES = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const signals = ['traces', 'metrics', 'logs'];

describe('the URLs of the specification (C9)', () => {
  test('without an endpoint', () => {
    expect(read({}).urls).toEqual(signals.map((signal) => `http://localhost:4318/v1/${signal}`));
  });

  test.each([
    'http://collector:4318',
    'http://collector:4318/',
    'https://collector.example/mycollector',
    'https://collector.example/mycollector/',
  ])('with the base %s', (base) => {
    const { urls, said } = read({ [BASE]: base });
    expect(urls).toEqual(signals.map((signal) => `${base.replace(/\/$/, '')}/v1/${signal}`));
    expect(said).toEqual([]);
  });

  test("a signal's own is used as it is", () => {
    const { urls, said } = read({
      [BASE]: 'http://collector:4318',
      [TRACES]: 'http://traces.example/in?tenant=a',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector.example/v1/metrics/',
    });
    expect(urls).toEqual([
      'http://traces.example/in?tenant=a',
      'http://collector.example/v1/metrics/',
      'http://collector:4318/v1/logs',
    ]);
    expect(said).toEqual([]);
  });
});

describe('what people really write (C8)', () => {
  test.each([
    [
      BASE,
      'localhost:4318',
      'http://localhost:4318/v1/traces',
      'has no scheme',
      'http://localhost:4318',
    ],
    [BASE, 'http://h:4317', 'http://h:4317/v1/traces', 'has the port of gRPC', 'http://h:4318'],
    [BASE, 'http://h:4318?x=1', 'http://h:4318/v1/traces?x=1', 'has a query', 'http://h:4318'],
    [
      BASE,
      'http://h:4318/v1/traces',
      'http://h:4318/v1/traces/v1/traces',
      'is the base to which /v1/traces is added once more',
      'http://h:4318',
    ],
    [
      TRACES,
      'http://h:4318',
      'http://h:4318/',
      'used as it is, without',
      'http://h:4318/v1/traces',
    ],
    [
      TRACES,
      '0.0.0.0:4317',
      'http://0.0.0.0:4317/',
      'has no scheme (http:// is taken), has the port of gRPC, while the protocol is http/protobuf, means every address',
      'http://localhost:4318/v1/traces',
    ],
    [BASE, 'grpc://h', 'http://localhost:4318/v1/traces', 'is no URL', 'http://localhost:4318'],
    [BASE, 'http://', 'http://localhost:4318/v1/traces', 'is no URL', 'http://localhost:4318'],
    [
      BASE,
      'http://h:99999',
      'http://localhost:4318/v1/traces',
      'is no URL',
      'http://localhost:4318',
    ],
  ])('%s=%s leads to %s, and is told: %s, write %s', (name, text, url, oddity, better) => {
    const { urls, said } = read({ [name]: text });
    expect(urls[0]).toBe(url);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(oddity);
    expect(said[0]).toMatch(new RegExp(`: write ${better.replaceAll('/', '\\/')}\\.$`));
  });

  test('a port that is right for two signals and wrong for the third is told with that one variable', () => {
    const { said } = read({
      [BASE]: 'http://h:4318',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
    });
    expect(said).toEqual([
      `${BASE} is "http://h:4318", which has the port of OTLP over HTTP, while the protocol is grpc: ` +
        'write http://h:4317 in OTEL_EXPORTER_OTLP_LOGS_ENDPOINT.',
    ]);
    const other = read({ [BASE]: 'http://h:4317', OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' });
    expect(other.said[0]).toMatch(
      /: write http:\/\/h:4318\/v1\/traces in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\.$/,
    );
  });

  test('an endpoint that nothing uses is told, with what would use it', () => {
    const { said } = read({ [TRACES]: 'http://h/v1/traces', OTEL_TRACES_EXPORTER: 'console' });
    expect(said).toEqual([
      `${TRACES} is "http://h/v1/traces", which is not used, since traces go to console: ` +
        'write http://h/v1/traces and OTEL_TRACES_EXPORTER=otlp, or leave it out.',
    ]);
  });

  test('an endpoint for all signals that nothing uses is told with the way of each', () => {
    const { said } = read({
      [BASE]: 'http://h:4318',
      OTEL_TRACES_EXPORTER: 'console,tree',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'tree',
    });
    expect(said).toEqual([
      expect.stringContaining('traces go to console,tree, metrics go to none, logs go to tree:'),
    ]);
  });

  test.each([
    'http://me:hunter2@h:4317',
    'http://h:4317?token=hunter2',
    'me:hunter2@h:4317',
    'http://h:4317#hunter2',
  ])('%s is told without its secret', (text) => {
    const { said } = read({ [BASE]: text });
    expect(said).toHaveLength(1);
    expect(said[0]).not.toContain('hunter2');
  });
});
