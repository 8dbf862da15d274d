import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startSink } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { spawnApp } from '../support/spawned-app.ts';

describe.each(PROTOCOLS)('the program with OTEL_EXPORTER_OTLP_PROTOCOL=%s', (protocol) => {
  test(`the program delivers the span, metrics and log record of a request over ${protocol}`, async () => {
    await using sink = await startSink(protocol);
    await using app = await spawnApp({
      args: ['--otlp', '--exporter_otlp_protocol', protocol],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    const body = new URLSearchParams({ task: 'milk' });
    await fetch(`${app.url}/add`, { method: 'POST', redirect: 'manual', body });
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(sink.problems).toEqual([]);
    expect(sink.requests.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
    expect(sink.spans.map(({ name }) => name).sort()).toEqual(['INSERT tasks', 'POST /add']);
    expect(sink.logs.map(({ body }) => body)).toEqual(['task added']);
    expect(sink.metrics.map(({ name }) => name)).toContain('http.server.request.duration');
    expect(stderr).toMatch(/^Traces to otlp: 2 spans created, 2 exported\.$/m);
    expect(stderr).not.toMatch(/dropped|rejected/);
  });
});

describe('the program with OTEL_METRICS_EXPORTER=prometheus', () => {
  async function takePort() {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  }
  const args = ['--metrics_exporter', 'prometheus', '--exporter_prometheus_host', '127.0.0.1'];

  test('the program serves metrics of requests and of the runtime to Prometheus', async () => {
    const { server, port } = await takePort();
    await once(server.close(), 'close');
    await using app = await spawnApp({ args: [...args, '--exporter_prometheus_port', `${port}`] });
    await fetch(app.url);
    const url = `http://127.0.0.1:${port}/metrics`;
    const shown = await (await fetch(url)).text();
    expect(shown).toContain('http_server_request_duration_seconds_bucket{');
    expect(shown).toContain('process_');
    expect(app.stderr).toContain(`; metrics to Prometheus at ${url}; `);
    const halfSent = await openRawConnection(url);
    halfSent.send('GET /metrics HTTP/1.1\r\nHost: 127');
    const { code, millis } = await app.stop();
    expect(code).toBe(0);
    // Telemetry alone may take 4.5 s to shut down.
    expect(millis).toBeLessThan(4_400);
  });

  test('the program reports that the port of Prometheus is taken, and keeps serving', async () => {
    const { server, port } = await takePort();
    await using app = await spawnApp({ args: [...args, '--exporter_prometheus_port', `${port}`] });
    expect((await fetch(app.url)).status).toBe(200);
    expect(app.stderr.match(/prometheus.*/gi)).toEqual([
      `prometheus is left out: cannot listen on 127.0.0.1:${port} (EADDRINUSE). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine.`,
    ]);
    expect(app.stderr).toContain('; metrics off; ');
    server.close();
  });
});
