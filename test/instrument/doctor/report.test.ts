import { stripVTControlCharacters } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { type Case, examine, print } from './run-doctor.ts';
import { closedPort } from './serve.ts';

async function sinkUrl(): Promise<string> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink.close());
  return sink.url;
}

const all = { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] };

describe('the text of diagnose()', () => {
  test('reports for each signal that it arrives', async () => {
    const text = await print({ url: await sinkUrl(), signals: all });
    expect(text).toMatch(/^OpenTelemetry doctor \S+: does telemetry arrive\?\n/);
    expect(text).toMatch(/✓ traces: arrive\n {2}✓ metrics: arrive\n {2}✓ logs: arrive\n$/);
    expect(text).not.toContain('Change');
    expect(text).not.toContain('✗');
  });

  test('reports a problem of several signals, and its remedy, once', async () => {
    const text = await print({ url: `http://127.0.0.1:${await closedPort()}`, signals: all });
    expect(
      text.match(/✗ traces, metrics, logs: do not arrive: nothing is listening on/g),
    ).toHaveLength(1);
    expect(text.match(/Change first \(traces, metrics, logs\): Start a Collector/g)).toHaveLength(
      1,
    );
    expect(text.match(/refuses connections/g)).toHaveLength(1);
  });

  test('fits in 80 columns, except for a URL on a separate line', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/${'long/'.repeat(30)}`;
    const text = await print({
      url,
      signals: all,
      problems: [
        'OTEL_LOG_EXPORTER is "console", which is unknown: OTEL_LOGS_EXPORTER is meant. '.repeat(3),
      ],
    });
    const long = text.split('\n').filter((line) => line.length > 80);
    expect(long.map((line) => line.trim()).filter((line) => line.includes(' '))).toEqual([]);
    expect(long).toContain(`    ${url.replace(/\/$/, '')}/v1/traces`);
  });

  test('shows settings that are not the default, with their origin, and the problems', async () => {
    const text = await print({
      url: await sinkUrl(),
      settings: [
        { name: 'OTEL_SERVICE_NAME', value: 'shop', origin: 'flag' },
        { name: 'OTEL_TRACES_SAMPLER', value: 'always_on', origin: '.env' },
        { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'a=\u001b[31mb,\nc=d', origin: 'variable' },
        { name: 'PORT', value: '5000', origin: 'default' },
      ],
      problems: ['PROT is unknown.'],
    });
    expect(text).toContain('OTEL_SERVICE_NAME=shop (flag)');
    expect(text).toContain('OTEL_TRACES_SAMPLER=always_on (.env)');
    expect(text).toContain('OTEL_RESOURCE_ATTRIBUTES=a= [31mb, c=d (variable)');
    expect(text).toContain('! PROT is unknown.');
    expect(text).not.toContain('PORT=5000');
  });

  test('explains how to enable signals that are off, and that output always arrives', async () => {
    const tree = {
      processor: 'simple',
      metricInterval: 0,
      describe: () => 'stderr',
      traces: () => ({ export() {}, shutdown: async () => {} }),
      metrics: () => null,
      logs: () => null,
    } as const;
    const options: Case = {
      url: 'http://127.0.0.1:1',
      exporter: tree,
      signals: { traces: ['tree'], metrics: ['tree'], logs: [] },
    };
    const text = await print(options);
    expect(text).toContain('traces to tree\n  ✓ written to stderr\n');
    expect(text).toContain('the exporter tree does not support metrics.');
    expect(text).toContain('off. Set OTEL_LOGS_EXPORTER=otlp, or --logs_exporter otlp\n');
  });

  test('uses colors only on request, with the same text', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const [plain, colored] = await Promise.all([print({ url }), print({ url, colors: true })]);
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31m✗\u001b[0m');
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  test('hides the password in a URL', async () => {
    const url = `http://me:hunter2@127.0.0.1:${await closedPort()}`;
    const settings: Case['settings'] = [];
    expect(await print({ url, settings })).not.toContain('hunter2');
    const { diagnosis } = await examine({ url, settings });
    expect(JSON.stringify(diagnosis)).not.toContain('hunter2');
  });
});

describe('the JSON of diagnose()', () => {
  test('has all settings and a stable shape', async () => {
    const settings = [
      { name: 'OTEL_SERVICE_NAME', value: 'shop', origin: 'flag' },
      { name: 'PORT', value: '5000', origin: 'default' },
    ] as const;
    // What the tests before have registered.
    Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
    const { diagnosis } = await examine({ url: await sinkUrl(), settings });
    expect(diagnosis).toEqual({
      version: '1.2.3',
      arrives: true,
      settings,
      problems: [],
      runtime: {
        name: 'test',
        version: '1.0',
        hasOwnTelemetry: false,
        apiVersion: '1.9.1',
        sdkVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        registeredApiVersion: null,
        registered: [],
      },
      signals: {
        traces: {
          verdict: { kind: 'arrives' },
          destinations: [
            {
              kind: 'otlp',
              exporter: 'otlp',
              url: expect.stringMatching(/\/v1\/traces$/),
              protocol: 'http/protobuf',
              headers: [],
              id: expect.any(String),
              connection: expect.objectContaining({ kind: 'open', tls: null }),
              answer: { kind: 'accepted', millis: expect.any(Number) },
              cause: null,
              jaeger: null,
            },
          ],
        },
        metrics: { verdict: { kind: 'off', change: expect.any(String) }, destinations: [] },
        logs: { verdict: { kind: 'off', change: expect.any(String) }, destinations: [] },
      },
      durationMillis: expect.any(Number),
    });
  });
});
