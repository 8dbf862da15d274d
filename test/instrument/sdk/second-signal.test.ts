import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readDeliveryCounts } from '../../support/delivery-counts.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'a second %s ends the program immediately, with the delivery counts',
  async (signal, code) => {
    await using sink = await startOtlpSink();
    sink.answerWith({ fault: 'hang' });
    await using app = await spawnApp({
      args: ['--otlp'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    for (let i = 0; i < 3; i++) await (await fetch(app.url)).text();
    process.kill(app.pid, signal);
    await pause(700);
    const exit = await app.stop(signal);
    expect(exit.code).toBe(code);
    const { 'Traces to otlp': spans, ...others } = readDeliveryCounts(exit.stderr);
    expect(spans).toEqual({ created: 6, exported: 0, rejected: 0, pending: 6, dropped: {} });
    expect(Object.keys(others)).toEqual(['Metrics to otlp', 'Logs to otlp', 'Logs to tree']);
  },
);
