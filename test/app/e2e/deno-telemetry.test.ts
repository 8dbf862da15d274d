import { describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';

describe.runIf(currentRuntime === 'deno')("Deno's own tracing (on Deno only)", () => {
  test('Deno exports one SERVER span a request, which has our route and name', async () => {
    await using sink = await startOtlpSink();
    await using app = await spawnApp({
      args: ['--otlp'],
      env: {
        OTEL_DENO: 'true',
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_BSP_SCHEDULE_DELAY: '100',
      },
    });
    expect(app.stderr).toMatch(/^Deno exports its own telemetry/);
    expect(app.stderr).toContain("Traces to the runtime's own exporter");
    await fetch(app.url);
    await fetch(`${app.url}/nowhere`);
    await sink.waitFor(({ spans }) => spans.filter(({ kind }) => kind === 2).length >= 2);

    const servers = sink.spans.filter(({ kind }) => kind === 2);
    expect(servers.map(({ name }) => name).sort()).toEqual(['GET', 'GET /']);
    const listed = servers.find(({ name }) => name === 'GET /');
    expect(listed?.scope.name).toBe('deno');
    expect(listed?.attributes).toMatchObject({ 'http.route': '/', 'url.path': '/' });
    const sql = sink.spans.find(({ name }) => name === 'SELECT tasks');
    expect(sql?.parentSpanId).toBe(listed?.spanId);
  });
});
