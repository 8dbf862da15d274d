import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { openRawConnection, type RawConnection } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

const BODY = 'task=milk';

/** Begins to add a task, and keeps the app waiting for the last byte of it. */
async function beginRequest(app: SpawnedApp, traceId: string): Promise<RawConnection> {
  const connection = await openRawConnection(app.url);
  connection.sendHead('POST /add', {
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(BODY.length),
  });
  connection.send(BODY.slice(0, -1));
  // What came before on another connection has reached the app by the time that this is answered.
  await fetch(`${app.url}/healthz`);
  return connection;
}

const traceIds = Array.from({ length: 20 }, (_, i) => `${i + 1}`.padStart(32, '0'));

async function isRefused(url: string): Promise<boolean> {
  return openRawConnection(url).then(
    () => false,
    () => true,
  );
}

describe.concurrent('SIGTERM', () => {
  test('SIGTERM under load lets requests finish, delivers their telemetry, and exits with 0', async () => {
    await using sink = await startOtlpSink();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    await using app = await spawnApp({ args: ['--otlp'], env });
    const inFlight = await Promise.all(traceIds.map((traceId) => beginRequest(app, traceId)));
    let pages = 0;
    const clients = [1, 2, 3, 4].map(async () => {
      while (
        (
          await fetch(app.url).then(
            (response) => response.text(),
            () => '',
          )
        ).includes('To-Do')
      )
        pages++;
    });
    await pause(200);

    const ended = app.stop();
    while (!(await isRefused(app.url))) await pause(10);
    await Promise.all(clients);
    for (const connection of inFlight) connection.send(BODY.slice(-1));
    for (const connection of inFlight)
      expect(await connection.received).toMatch(/^HTTP\/1\.1 303 /);
    const { code, millis, stderr } = await ended;
    expect(code).toBe(0);
    expect(millis).toBeLessThan(10_000);
    expect(stderr).not.toContain('dropped');

    const adding = sink.spans.filter(({ name }) => name === 'POST /add');
    expect(adding.map(({ traceId }) => traceId).sort()).toEqual(traceIds);
    const inserting = sink.spans.filter(({ name }) => name === 'INSERT tasks');
    expect(inserting.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(
      adding.map(({ spanId }) => spanId).sort(),
    );
    expect(sink.logs.map(({ traceId }) => traceId).sort()).toEqual(traceIds);
    // A page may have been made whose reader no longer got it whole.
    expect(sink.spans.filter(({ name }) => name === 'GET /').length).toBeGreaterThanOrEqual(pages);
    expect(pages).toBeGreaterThan(0);
    const count = sink.metrics.findLast(({ name }) => name === 'task.count');
    expect(count?.points).toMatchObject([{ value: traceIds.length }]);
  });

  test('a request that hangs is given up after its grace, and its span delivered', async () => {
    await using sink = await startOtlpSink();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    await using app = await spawnApp({ args: ['--otlp'], env });
    const connection = await beginRequest(app, 'a'.repeat(32));
    const { code, millis, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(millis).toBeGreaterThan(2_000);
    expect(millis).toBeLessThan(10_000);
    expect(await connection.received).not.toContain(' 303 ');
    expect(sink.spans.map(({ traceId, kind }) => ({ traceId, kind }))).toEqual([
      { traceId: 'a'.repeat(32), kind: 2 },
    ]);
    expect(stderr).not.toContain('dropped');
  });
});

describe.concurrent('SIGINT', () => {
  test('a second signal, one second after the first, ends the program immediately', async () => {
    await using app = await spawnApp();
    await beginRequest(app, traceIds[0] ?? '');
    process.kill(app.pid, 'SIGINT');
    await pause(1_000);
    // A program that waits for the request in flight ends with 0.
    expect((await app.stop('SIGINT')).code).toBe(130);
  });

  test('two signals within 3 ms count as one', async () => {
    await using app = await spawnApp();
    const connection = await beginRequest(app, traceIds[0] ?? '');
    process.kill(app.pid, 'SIGINT');
    await pause(3);
    const ended = app.stop('SIGINT');
    await pause(300);
    connection.send(BODY.slice(-1));
    expect(await connection.received).toMatch(/^HTTP\/1\.1 303 /);
    expect((await ended).code).toBe(0);
  });

  test.skipIf(currentRuntime !== 'deno')(
    'Ctrl-C under `deno task`, which forwards it (Deno only), lets requests finish',
    async () => {
      await using app = await spawnApp({ entry: 'task' });
      const connection = await beginRequest(app, traceIds[0] ?? '');
      process.kill(-app.pid, 'SIGINT');
      await pause(300);
      connection.send(BODY.slice(-1));
      expect(await connection.received).toMatch(/^HTTP\/1\.1 303 /);
      expect((await app.exited).code).toBe(0);
    },
  );
});

test('SIGUSR1 opens no debugger and does not end the program', async () => {
  await using app = await spawnApp();
  process.kill(app.pid, 'SIGUSR1');
  await pause(500);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/debugger|inspect/i);
});
