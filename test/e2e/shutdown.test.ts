import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { spawnApp } from '../support/spawned-app.ts';

const faulty = fileURLToPath(new URL('../support/faulty-app.ts', import.meta.url));
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** "of 5 spans made, 0 were delivered, 0 rejected by the other end, 5 dropped" as numbers. */
function readLoss(stderr: string, unit: string) {
  const numbers = new RegExp(
    `of (\\d+) ${unit} made, (\\d+) were delivered, (\\d+) rejected by the other end, (\\d+) dropped`,
  ).exec(stderr);
  const [made = -1, delivered = -1, rejected = -1, dropped = -1] = (numbers?.slice(1) ?? []).map(
    Number,
  );
  return { made, delivered, rejected, dropped };
}

describe('SIGTERM', () => {
  test('requests in flight finish, all their spans are delivered, and the exit is 0', async () => {
    await using sink = await startOtlpSink();
    await using app = await spawnApp({
      entry: faulty,
      args: ['--otlp'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    let answered = 0;
    let isStopped = false;
    async function client() {
      while (!isStopped) {
        const response = await fetch(app.url).catch(() => undefined);
        if (response?.ok && (await response.text()).includes('To-Do List')) answered++;
        else if (response === undefined) await pause(5);
      }
    }
    const clients = Array.from({ length: 8 }, client);
    const slow = fetch(`${app.url}/slow`).then((response) => response.status);
    await pause(500);
    const exit = await app.stop();
    isStopped = true;
    await Promise.all(clients);

    expect(exit.code).toBe(0);
    expect(exit.millis).toBeLessThan(5_000);
    expect(await slow).toBe(200);
    // A request whose answer was cut on the way may have made a span beyond those counted here.
    const spans = sink.spans.filter(({ name, kind }) => kind === 2 && name === 'GET /');
    expect(spans.length).toBeGreaterThanOrEqual(answered);
    expect(exit.stderr).not.toContain('Lost on the way');
    await expect(fetch(app.url)).rejects.toThrow();
  });

  test.each([
    ['is dead', undefined],
    ['hangs', { fault: 'hang' }],
    ['drips', { fault: 'drip' }],
    ['answers 503', { status: 503 }],
  ] as const)(
    'a collector that %s delays the exit by no more than 5 s, and what was lost is said',
    async (_, answer) => {
      const sink = await startOtlpSink();
      if (answer === undefined) await sink.close();
      else sink.answerWith(answer);
      await using app = await spawnApp({
        args: ['--otlp'],
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      });
      for (let i = 0; i < 5; i++) await fetch(app.url);
      const exit = await app.stop();
      if (answer !== undefined) await sink.close();
      expect(exit.code).toBe(0);
      expect(exit.millis).toBeLessThan(5_000);
      // A server and a SQL span for each request.
      expect(readLoss(exit.stderr, 'spans')).toEqual({
        made: 10,
        delivered: 0,
        rejected: 0,
        dropped: 10,
      });
    },
  );

  test('what the other end rejects in a partial success is counted as rejected', async () => {
    await using sink = await startOtlpSink();
    sink.answerWith(({ signal }) =>
      signal === 'traces' ? { rejected: 3, errorMessage: 'too old' } : {},
    );
    await using app = await spawnApp({
      args: ['--otlp'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    for (let i = 0; i < 5; i++) await fetch(app.url);
    const exit = await app.stop();
    expect(readLoss(exit.stderr, 'spans')).toEqual({
      made: 10,
      delivered: 7,
      rejected: 3,
      dropped: 0,
    });
    expect(exit.stderr).toContain('too old');
  });
});

describe('SIGINT', () => {
  test('a second one after a second ends the program at once', async () => {
    await using app = await spawnApp({ entry: faulty });
    fetch(`${app.url}/hang`).catch(() => {});
    await pause(200);
    process.kill(app.pid, 'SIGINT');
    await pause(1_000);
    const exit = await app.stop('SIGINT');
    expect(exit.millis).toBeLessThan(1_000);
    expect(exit.code ?? 130).toBe(130);
  });

  test('two within milliseconds count as one', async () => {
    await using app = await spawnApp({ entry: faulty });
    const slow = fetch(`${app.url}/slow`).then((response) => response.status);
    await pause(200);
    process.kill(app.pid, 'SIGINT');
    await pause(3);
    const exit = await app.stop('SIGINT');
    expect(exit.code).toBe(0);
    expect(await slow).toBe(200);
  });

  test('a request that hangs is given up in time', async () => {
    await using app = await spawnApp({ entry: faulty });
    fetch(`${app.url}/hang`).catch(() => {});
    await pause(200);
    const exit = await app.stop('SIGINT');
    expect(exit.code).toBe(0);
    expect(exit.millis).toBeLessThan(5_000);
  });
});

/** The handler of which crash a runtime calls without the async context that crashed. */
const CONTEXT_IS_LOST: Partial<Record<typeof currentRuntime, string>> = {
  bun: '/reject-later',
  deno: '/throw-later',
};

describe('a crash', () => {
  test.each([
    ['/throw-later', 'uncaught exception', 'thrown later'],
    ['/reject-later', 'unhandled rejection', 'rejected later'],
  ])(
    'within a request, %s, is delivered as a log record, marks the span, and the exit is 1',
    async (path, body, message) => {
      await using sink = await startOtlpSink();
      await using app = await spawnApp({
        entry: faulty,
        args: ['--otlp'],
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      });
      await fetch(app.url + path).catch(() => {});
      const exit = await app.exited;
      expect(exit.code).toBe(1);
      expect(exit.stderr).toContain(`RangeError: ${message}`);
      const log = sink.logs.find((record) => record.body === body);
      expect(log).toMatchObject({
        severityText: 'FATAL',
        attributes: { 'exception.type': 'RangeError', 'exception.message': message },
      });
      const span = sink.spans.find(({ name }) => name === `GET ${path}`);
      expect(span).toBeDefined();
      // Where the handler is called outside of the request's context there is no span to mark.
      if (CONTEXT_IS_LOST[currentRuntime] === path) return;
      expect(span?.status.code).toBe(2);
      expect(log?.spanId).toBe(span?.spanId);
    },
  );
});
