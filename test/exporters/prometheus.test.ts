import { once } from 'node:events';
import { createServer } from 'node:net';
import { diag, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, expect, test } from 'vitest';
import { loadExporter } from '../../exporters/index.ts';
import { createPrometheusExporter } from '../../exporters/prometheus.ts';
import { exporterOptions } from '../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startTelemetry } from '../../packages/opentelemetry-instrument/src/start-telemetry.ts';
import { freePort } from '../support/free-port.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { TEST_RUNTIME } from '../support/settings.ts';

afterEach(() => {
  for (const api of [diag, trace, metrics, logs]) api.disable();
});

function create(port: number) {
  return createPrometheusExporter({ host: '127.0.0.1', port });
}

test('the Prometheus reader serves metrics until the provider is shut down, and frees the port', async () => {
  const port = await freePort();
  const { openMetricReader, describe, metrics } = create(port);
  const provider = new MeterProvider({ readers: [await openMetricReader([])] });
  provider.getMeter('test').createCounter('changes').add(3, { operation: 'add' });

  const url = `http://127.0.0.1:${port}/metrics`;
  expect(describe('metrics')).toBe(`Prometheus at ${url}`);
  expect(metrics()).toBeNull();
  const response = await fetch(url, { headers: { connection: 'close' } });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toMatch(/^changes_total\{.*operation="add".*\} 3$/m);
  await provider.shutdown();
  await expect(fetch(url)).rejects.toThrow();
});

test('Prometheus receives equal histograms from the fast path and the SDK', async () => {
  async function pageOf(isFast: boolean): Promise<string[]> {
    const port = await freePort();
    const read = readSettings({
      variable: {
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_JS_FAST_PATH_ENABLED: String(isFast),
        OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=1',
      },
    });
    const telemetry = await startTelemetry({
      settings: { ...read, exporters: { traces: [], metrics: ['prometheus'], logs: [] } },
      runtime: TEST_RUNTIME,
      loadExporter: (name) => loadExporter(name, exporterOptions(read)),
      notify() {},
    });
    const duration = metrics.getMeter('test', '1').createHistogram('http.server.request.duration', {
      description: 'How long requests take',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.005, 0.01, 1] },
    });
    // Otherwise both pages would be the SDK's.
    if (isFast) expect(duration.constructor).toBe(Object);
    const labels = Object.freeze({ 'http.request.method': 'GET', 'url.scheme': 'http' });
    for (const seconds of [0.001, 0.25, 7]) duration.record(seconds, labels);
    duration.record(0.5, { 'http.request.method': 'POST', 'error.type': '500' });
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { connection: 'close' },
    });
    const text = await response.text();
    await telemetry.shutdown(1_000);
    for (const api of [trace, metrics, logs]) api.disable();
    return text.split('\n').filter((line) => line.includes('http_server_request_duration'));
  }
  const slow = await pageOf(false);
  expect(slow.length).toBeGreaterThan(12);
  expect(await pageOf(true)).toEqual(slow);
});

test('shutdown() of the Prometheus reader does not wait for half a scrape', async () => {
  const port = await freePort();
  const { openMetricReader } = create(port);
  const provider = new MeterProvider({ readers: [await openMetricReader([])] });
  await using half = await openRawConnection(`http://127.0.0.1:${port}`);
  half.send('GET /metrics HTTP/1.1\r\nHost: ');
  // Answered after that has arrived.
  expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
  const startedAt = performance.now();
  await provider.shutdown();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await half.received).toBe('');
});

test('openMetricReader() rejects with problem and fix if its port is taken', async () => {
  const port = await freePort();
  const server = createServer();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const { openMetricReader } = create(port);
  await expect(openMetricReader([])).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port} (EADDRINUSE). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port`,
  );
  server.close();
});
