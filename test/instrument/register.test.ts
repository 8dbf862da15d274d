import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { waitUntil } from '../support/wait-until.ts';

const REGISTER = 'opentelemetry-instrument/register';
const APP = fileURLToPath(new URL('../support/programs/preloaded-app.ts', import.meta.url));
const STARTED_APP = fileURLToPath(new URL('../support/programs/started-app.ts', import.meta.url));

/** Returns the command line of this runtime, with or without the preload module. */
function command(mode: string, isPreloaded: boolean, app = APP): string[] {
  const { bun, deno } = process.versions;
  if (deno !== undefined) {
    const preload = isPreloaded ? ['--preload', `npm:${REGISTER}`] : [];
    return [
      'run',
      '--allow-env',
      '--allow-net',
      '--allow-read',
      '--allow-sys',
      ...preload,
      app,
      mode,
    ];
  }
  const preload = isPreloaded ? [bun === undefined ? '--import' : '--preload', REGISTER] : [];
  return [...preload, app, mode];
}

/** Runs the app until it ends, after a signal if there is one. @returns how it ended */
async function run(args: string[], collector: string, signal?: NodeJS.Signals, times = 1) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  try {
    await waitUntil(
      () => stdout.includes('ready'),
      20_000,
      () => stderr,
    );
    for (let i = 0; i < times; i++) {
      // Deno reports a signal that child.kill() has sent as the end, whatever the end was.
      if (signal && child.pid !== undefined) process.kill(child.pid, signal);
      if (i + 1 < times) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const signalled = performance.now();
    const [code, endedBy] = await closed;
    return { code, signal: endedBy, stderr, millis: performance.now() - signalled };
  } finally {
    child.kill('SIGKILL');
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the preload module exports the queue at %s and lets it end the process',
  async (signal) => {
    await using sink = await startOtlpSink();
    const plain = await run(command('serve', false), sink.url, signal);
    expect(sink.spans).toEqual([]);
    const preloaded = await run(command('serve', true), sink.url, signal);
    expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
    expect(preloaded).toMatchObject({ code: plain.code, signal: plain.signal });
    expect(preloaded.signal).toBe(signal);
  },
);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'startTelemetry() exports the queue at %s and lets it end the process',
  async (signal) => {
    await using sink = await startOtlpSink();
    const started = await run(command('serve', false, STARTED_APP), sink.url, signal);
    expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
    expect(started.signal).toBe(signal);
  },
);

test('startTelemetry() leaves signals to a program that handles them', async () => {
  await using sink = await startOtlpSink();
  const args = command('handle', false, STARTED_APP);
  const { code, signal } = await run(args, sink.url, 'SIGTERM');
  expect({ code, signal }).toEqual({ code: 7, signal: null });
});

test('startTelemetry() reports at a signal how many records a dead collector has lost', async () => {
  const { signal, stderr } = await run(
    command('serve', false, STARTED_APP),
    'http://127.0.0.1:9',
    'SIGTERM',
  );
  expect(signal).toBe('SIGTERM');
  expect(stderr).toContain('1 span created');
});

test('the preload module exports the queue when the program has nothing more to do', async () => {
  await using sink = await startOtlpSink();
  const { code, signal, stderr } = await run(command('end', true), sink.url);
  expect(stderr).toBe('');
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('the preload module leaves signals to a program that handles them', async () => {
  await using sink = await startOtlpSink();
  const { code, signal } = await run(command('handle', true), sink.url, 'SIGTERM');
  expect({ code, signal }).toEqual({ code: 7, signal: null });
});

test('the preload module exports the queue as soon as a signal arrives that the program handles', async () => {
  await using sink = await startOtlpSink();
  const { code, signal } = await run(command('drain', true), sink.url, 'SIGTERM');
  expect({ code, signal }).toEqual({ code: 7, signal: null });
  expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
});

test('the preload module reports at a signal that a program has no instrumentation', async () => {
  await using sink = await startOtlpSink();
  const quiet = await run(command('quiet', true), sink.url, 'SIGINT');
  expect(quiet.signal).toBe('SIGINT');
  expect(quiet.stderr).toContain('opentelemetry-instrument: the program created no span; add');
  const idle = await run(command('idle', true), sink.url, 'SIGINT');
  expect(idle.stderr).toBe('');
});

test('a second signal ends a preloaded program that waits for its collector', async () => {
  await using sink = await startOtlpSink();
  sink.answerWith({ fault: 'hang' });
  const { signal, millis } = await run(command('serve', true), sink.url, 'SIGTERM', 2);
  expect(signal).toBe('SIGTERM');
  // A single signal waits 4.5 s.
  expect(millis).toBeLessThan(4_400);
});
