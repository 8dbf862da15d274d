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
  test('the default endpoint is that of the specification', () => {
    expect(read({}).urls).toEqual(signals.map((signal) => `http://localhost:4318/v1/${signal}`));
  });

  test.each([
    'http://collector:4318',
    'http://collector:4318/',
    'https://collector.example/mycollector',
    'https://collector.example/mycollector/',
  ])('the base %s gets the path of each signal', (base) => {
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

describe('an odd endpoint (C8)', () => {
  test.each([
    [
      BASE,
      'localhost:4318',
      'http://localhost:4318/v1/traces',
      'has no scheme; assuming http://; add the scheme',
    ],
    [
      BASE,
      'http://h:4317',
      'http://h:4317/v1/traces',
      'has the port of gRPC, but the protocol is http/protobuf; use port 4318',
    ],
    [
      BASE,
      'http://h:4318?x=1',
      'http://h:4318/v1/traces?x=1',
      'has a query, and the path of each signal is inserted before it; remove the query',
    ],
    [
      BASE,
      'http://h:4318/v1/traces',
      'http://h:4318/v1/traces/v1/traces',
      'ends in /v1/traces, but the path of each signal is appended to it; remove /v1/traces',
    ],
    [
      TRACES,
      'http://h:4318',
      'http://h:4318/',
      'has no path, and is used unchanged; append /v1/traces',
    ],
    [
      BASE,
      'grpc://h',
      'http://localhost:4318/v1/traces',
      'is not an HTTP URL; using the default (http://localhost:4318); use a URL such as http://localhost:4318',
    ],
    [BASE, 'http://', 'http://localhost:4318/v1/traces', 'is not an HTTP URL'],
    [BASE, 'http://h:99999', 'http://localhost:4318/v1/traces', 'is not an HTTP URL'],
    [
      TRACES,
      'x:y',
      'http://localhost:4318/v1/traces',
      'use a URL such as http://localhost:4318/v1/traces',
    ],
  ])('%s=%s resolves to %s with the warning: %s', (name, text, url, warning) => {
    const { urls, said } = read({ [name]: text });
    expect(urls[0]).toBe(url);
    expect(said).toEqual([expect.stringContaining(warning)]);
    expect(said[0]).toMatch(new RegExp(`^${name}: "`));
  });

  test('several problems of one endpoint are one line each', () => {
    expect(read({ [TRACES]: '0.0.0.0:4317' }).said).toEqual([
      `${TRACES}: "0.0.0.0:4317" has no scheme; assuming http://; add the scheme`,
      `${TRACES}: "0.0.0.0:4317" has the port of gRPC, but the protocol is http/protobuf; use port 4318`,
      `${TRACES}: "0.0.0.0:4317" is an address to listen on, not one to connect to; ` +
        'use the host name of the collector, such as localhost',
      `${TRACES}: "0.0.0.0:4317" has no path, and is used unchanged; append /v1/traces`,
    ]);
  });

  test('a port that is wrong for one of three signals is reported with the variable of that signal', () => {
    const protocol = { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' };
    expect(read({ [BASE]: 'http://h:4318', ...protocol }).said).toEqual([
      `${BASE}: "http://h:4318" has the port of OTLP over HTTP, but the protocol is grpc; ` +
        'use port 4317 in OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    ]);
    expect(read({ [BASE]: 'http://h:4317', ...protocol }).said).toEqual([
      expect.stringMatching(/; use port 4318 in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT$/),
    ]);
  });

  test('an unused endpoint is reported once, without its other problems', () => {
    const { said } = read({ [TRACES]: '0.0.0.0:4317', OTEL_TRACES_EXPORTER: 'console' });
    expect(said).toEqual([
      `${TRACES}: "0.0.0.0:4317" is not used, because traces go to console; ` +
        'add otlp to OTEL_TRACES_EXPORTER, or remove the endpoint',
    ]);
  });

  test('an unused endpoint for all signals is reported with the exporters of each', () => {
    const { said } = read({
      [BASE]: 'http://h:4318',
      OTEL_TRACES_EXPORTER: 'console,tree',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'tree',
    });
    expect(said).toEqual([
      expect.stringContaining(
        'traces go to console,tree, metrics are not exported, logs go to tree;',
      ),
    ]);
  });

  test.each([
    'http://me:hunter2@h:4317',
    'http://h:4317?token=hunter2',
    'me:hunter2@h:4317',
    'http://h:4317#hunter2',
  ])('%s is reported without its secret', (text) => {
    const { said } = read({ [BASE]: text });
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).not.toContain('hunter2');
  });
});
