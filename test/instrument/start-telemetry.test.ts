import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { context, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { startTelemetry } from 'opentelemetry-instrument';
import { afterEach, expect, test, vi } from 'vitest';
import { startOtlpSink } from '../support/otlp-sink.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  for (const api of [context, diag, metrics, propagation, trace, logs]) api.disable();
});

test('startTelemetry() without options reads the environment', async () => {
  await using sink = await startOtlpSink();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', sink.url);
  vi.stubEnv('OTEL_SERVICE_NAME', 'shop');
  const telemetry = await startTelemetry();
  expect(telemetry.destinations.traces).toBe(`OTLP ${sink.url}/v1/traces`);
  trace.getTracer('test').startSpan('buy milk').end();
  await telemetry.forceFlush();
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
  expect(sink.spans[0]?.resource['service.name']).toBe('shop');
  expect(telemetry.describe()).toContainEqual(expect.stringMatching(/^Traces to otlp: 1 span/));
  trace.getTracer('test').startSpan('buy bread').end();
  await telemetry.shutdown();
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk', 'buy bread']);
});

test('the console exporter prints metrics again only when a value of the app has changed', () => {
  const script = fileURLToPath(new URL('../support/programs/print-metrics.ts', import.meta.url));
  const run = process.versions.deno === undefined ? [script] : ['run', '-A', script];
  const env = { ...process.env, OTEL_METRICS_EXPORTER: 'console', OTEL_TRACES_EXPORTER: 'none' };
  const { stdout } = spawnSync(process.execPath, run, { encoding: 'utf8', env, timeout: 20_000 });
  expect(stdout.match(/"resource_metrics"/g)).toHaveLength(1);
  expect(stdout).toContain('"name": "shop.visits"');
});
