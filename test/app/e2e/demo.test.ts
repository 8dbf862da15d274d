import { expect, test } from 'vitest';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const directory = useTemporaryDirectory();

test('--demo makes traces that are worth a look, and keeps on serving', async () => {
  await using sink = await startOtlpSink();
  await using app = await spawnApp({
    args: ['--demo', '--otlp', '--jaeger', 'http://localhost:16686/'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      DATABASE_URL: `file:${directory.newPath()}`,
    },
  });
  const press = (name: string) => fetch(`${app.url}/demo/${name}`, { method: 'POST' });

  const slow = press('slow-query');
  await new Promise((resolve) => setTimeout(resolve, 300));
  let isDone = false;
  void slow.then(() => {
    isDone = true;
  });
  expect((await fetch(app.url)).status).toBe(200);
  expect(isDone).toBe(false);
  const page = await (await slow).text();
  const [, traceId] = /href="http:\/\/localhost:16686\/trace\/([\da-f]{32})"/.exec(page) ?? [];
  expect(page).toContain('1 SQL statement');

  expect((await press('error')).status).toBe(500);
  expect((await press('n-plus-one')).status).toBe(200);
  expect(await (await press('burst')).text()).toContain(' 20 SQL statements');
  expect((await app.stop()).code).toBe(0);

  const statement = sink.spans.find((span) => span.traceId === traceId && span.kind === 3);
  expect(statement?.name).toBe('DELETE tasks');
  const millis = Number((statement?.endTime ?? 0n) - (statement?.startTime ?? 0n)) / 1e6;
  expect(millis).toBeGreaterThan(800);
  expect(millis).toBeLessThan(10_000);
  const error = sink.spans.find(({ name }) => name === 'POST /demo/error');
  expect(error?.status.code).toBe(2);
  expect(error?.events.map(({ name }) => name)).toEqual(['exception']);
  const burst = sink.spans.find(({ name }) => name === 'POST /demo/burst');
  expect(sink.spans.filter(({ parentSpanId }) => parentSpanId === burst?.spanId)).toHaveLength(20);
});

test('there is no /demo by default', async () => {
  await using app = await spawnApp();
  for (const path of ['/demo', '/demo/error', '/demo/burst']) {
    expect((await fetch(app.url + path)).status).toBe(404);
    expect((await fetch(app.url + path, { method: 'POST' })).status).toBe(404);
  }
});
