import { diag, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { loadExporter as load } from '../../../exporters/index.ts';
import type { EffectiveSetting } from '../../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { exporterOptions } from '../../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { examine, print } from './run-doctor.ts';
import { closedPort } from './serve.ts';

const API = Symbol.for('opentelemetry.js.api.1');

async function takingSink(): Promise<OtlpSink> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink.close());
  return sink;
}

afterEach(() => {
  trace.disable();
  diag.disable();
  Reflect.deleteProperty(globalThis, API);
});

describe('diagnose()', () => {
  test('notices another SDK that was registered before', async () => {
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    const { url } = await takingSink();
    const { exitCode, because, diagnosis } = await examine({ url });
    expect(exitCode).toBe(1);
    expect(diagnosis.runtime.registered).toEqual(['trace']);
    expect(because).toMatch(/^another OpenTelemetry SDK is registered in this process \(trace\)/);
  });

  test('notices a copy of the API of another version', async () => {
    Reflect.set(globalThis, API, { version: '1.4.0', propagation: {} });
    const { url } = await takingSink();
    const { because } = await examine({ url });
    expect(because).toMatch(/another copy of @opentelemetry\/api \(1\.4\.0\).*ours \(1\.9\.1\)/);
  });

  test("blames no other SDK for the runtime's own telemetry", async () => {
    Reflect.set(globalThis, API, { version: '1.999.999', trace: {}, metrics: {} });
    const runtime = { name: 'deno', version: '2', hasOwnTelemetry: true };
    const { url } = await takingSink();
    expect((await examine({ url, runtime })).exitCode).toBe(0);
    expect(await print({ url, runtime })).toContain('! deno exports its own telemetry (OTEL_DENO)');
  });

  test('sends nothing where the SDK is disabled', async () => {
    const sink = await takingSink();
    const { exitCode, change } = await examine({
      url: sink.url,
      settings: [{ name: 'OTEL_SDK_DISABLED', value: 'true', origin: 'variable' }],
    });
    expect(exitCode).toBe(1);
    expect(change).toBe('Set OTEL_SDK_DISABLED=false');
    expect(sink.requests).toEqual([]);
  });

  test.each([
    ['always_off', ''],
    ['parentbased_always_off', ''],
    ['traceidratio', '0'],
  ])('reports that the sampler %s %s drops all traces', async (sampler, argument) => {
    const { url } = await takingSink();
    const { exitCode, because } = await examine({
      url,
      settings: [
        { name: 'OTEL_TRACES_SAMPLER', value: sampler, origin: 'variable' },
        { name: 'OTEL_TRACES_SAMPLER_ARG', value: argument, origin: 'variable' },
      ],
    });
    expect(exitCode).toBe(1);
    expect(because).toContain(`the sampler ${sampler} drops all traces`);
  });

  test.each([
    ['parentbased_always_on', ''],
    ['traceidratio', '0.1'],
    ['traceidratio', ''],
    ['my_always_off', ''],
  ])('has nothing against the sampler %s %s', async (sampler, argument) => {
    const { url } = await takingSink();
    const { exitCode } = await examine({
      url,
      settings: [
        { name: 'OTEL_TRACES_SAMPLER', value: sampler, origin: 'variable' },
        { name: 'OTEL_TRACES_SAMPLER_ARG', value: argument, origin: 'variable' },
      ],
    });
    expect(exitCode).toBe(0);
  });

  test('reports that the app does not start, even if a signal arrives', async () => {
    const { url } = await takingSink();
    const { exitCode, because, change, diagnosis } = await examine({
      url,
      refusals: [
        {
          variable: 'PORT',
          source: '--port',
          problem: '"http" is not a port',
          fix: 'use a whole number',
          isFatal: true,
        },
      ],
    });
    expect(exitCode).toBe(1);
    expect(because).toBe('the app does not start with --port as it is.');
    expect(change).toBe('Correct --port: use a whole number.');
    expect(diagnosis.signals.logs.verdict.kind).toBe('off');
  });

  test('counts a signal that is switched off as no failure, but all three', async () => {
    const { url } = await takingSink();
    const off = { traces: [], metrics: [], logs: [] };
    expect((await examine({ url, signals: { ...off, logs: ['otlp'] } })).exitCode).toBe(0);
    expect((await examine({ url, signals: off })).exitCode).toBe(1);
  });

  describe('metrics for Prometheus', () => {
    const signals = { traces: [], metrics: ['prometheus'], logs: [] };
    const settingsFor = (port: number): EffectiveSetting[] => [
      { name: 'OTEL_EXPORTER_PROMETHEUS_HOST', value: '127.0.0.1', origin: 'variable' },
      { name: 'OTEL_EXPORTER_PROMETHEUS_PORT', value: String(port), origin: 'variable' },
    ];
    async function ask(port: number) {
      const settings = settingsFor(port);
      const read = readSettings({
        variable: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
      });
      const loadExporter = (name: string) => load(name, exporterOptions(read));
      const options = { url: 'http://127.0.0.1:1', signals, settings, loadExporter };
      const { exitCode, diagnosis } = await examine(options);
      const { verdict, destinations } = diagnosis.signals.metrics;
      return { exitCode, verdict, destinations, text: await print(options) };
    }

    test('fetches the metrics as Prometheus would, and reports that scraping is not checked', async () => {
      const port = await closedPort();
      const { exitCode, destinations, text } = await ask(port);
      const url = `http://127.0.0.1:${port}/metrics`;
      expect(destinations).toEqual([
        { kind: 'fetched', exporter: 'prometheus', url, shownBy: 'doctor', cause: null },
      ]);
      expect(exitCode).toBe(0);
      expect(text).toContain('✓ the metrics can be fetched');
      expect(text).toContain('! whether Prometheus scrapes them is not checked');
    });

    test('recognizes the app by a page of metrics on the port', async () => {
      const port = await closedPort();
      const read = readSettings({
        variable: Object.fromEntries(settingsFor(port).map(({ name, value }) => [name, value])),
      });
      const reader = await (await load('prometheus', exporterOptions(read))).openMetricReader?.([]);
      const provider = new MeterProvider({ readers: reader ? [reader] : [] });
      onTestFinished(() => provider.shutdown());
      const { exitCode, destinations, text } = await ask(port);
      expect(destinations).toMatchObject([{ shownBy: 'another', cause: null }]);
      expect(exitCode).toBe(0);
      expect(text).toContain('a running program exposes metrics there');
    });

    test('reports another program on the port', async () => {
      const { url } = await takingSink();
      const { exitCode, verdict } = await ask(Number(new URL(url).port));
      expect(exitCode).toBe(1);
      expect(verdict).toMatchObject({
        kind: 'fails',
        because: expect.stringMatching(/^cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\. Set /),
      });
    });
  });

  test('reports an exporter that cannot be loaded', async () => {
    const loadExporter = () => Promise.reject(new Error('There is no exporter "zipkin".'));
    const { because, exitCode } = await examine({ url: 'http://127.0.0.1:1', loadExporter });
    expect(exitCode).toBe(1);
    expect(because).toContain('There is no exporter "zipkin".');
  });
});
