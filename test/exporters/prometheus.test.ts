import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { createExporter } from '../../exporters/prometheus.ts';
import { readSettings } from '../../src/settings/read-settings.ts';

/** A server on a free port of 127.0.0.1, and that port. */
async function takePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await takePort();
  await once(server.close(), 'close');
  return port;
}

function open(port: number) {
  return createExporter(
    readSettings({
      variable: {
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
    }),
  );
}

test('Prometheus reads metrics until the provider is shut down, then the port is free', async () => {
  const port = await freePort();
  const { metricReader, describe, metrics } = await open(port);
  if (metricReader === undefined) throw new Error('There is no reader');
  const provider = new MeterProvider({ readers: [metricReader] });
  provider.getMeter('test').createCounter('changes').add(3, { operation: 'add' });

  const url = `http://127.0.0.1:${port}/metrics`;
  expect(describe('metrics')).toBe(`Prometheus at ${url}`);
  expect(metrics()).toBeNull();
  const response = await fetch(url, { headers: { connection: 'close' } });
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await response.text()).toMatch(/^changes_total\{.*operation="add".*\} 3$/m);
  await provider.shutdown();
  await expect(fetch(url)).rejects.toThrow();
});

test('createExporter() rejects with what to do when its port is taken', async () => {
  const { server, port } = await takePort();
  await expect(open(port)).rejects.toThrow(
    `nobody can listen on 127.0.0.1:${port} (EADDRINUSE). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port`,
  );
  server.close();
});
