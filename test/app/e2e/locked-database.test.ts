import { expect, test } from 'vitest';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnScript } from '../../support/spawn-script.ts';
import { spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

test('adding gets 503 after a wait while another process holds the lock, and the app serves pages', async () => {
  const path = temporary.newPath();
  await using sink = await startOtlpSink();
  const env = { DATABASE_URL: `file:${path}`, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  await using app = await spawnApp({ args: ['--otlp'], env });
  const addTask = (task: string) =>
    fetch(`${app.url}/add`, { method: 'POST', body: new URLSearchParams({ task }) });
  expect(await (await addTask('before')).text()).toContain('before');

  const holder = spawnScript('hold-lock.ts', path);
  await holder.hasLines(1);
  let isAnswered = false;
  const adding = addTask('during').finally(() => {
    isAnswered = true;
  });
  let answers = 0;
  while (!isAnswered) {
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    // Reading needs no lock.
    expect(await (await fetch(app.url)).text()).toContain('before');
    answers++;
  }
  // A blocked event loop would have answered once, at the end.
  expect(answers).toBeGreaterThan(5);
  const response = await adding;
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.text()).toContain('Please try again');

  const patient = addTask('after');
  holder.finish();
  expect(await holder.exit).toBe(0);
  const page = await (await patient).text();
  expect(page).toContain('after');
  expect(page).not.toContain('during');

  expect((await app.stop()).code).toBe(0);
  const failed = sink.spans.filter(({ status }) => status.code === 2);
  expect(failed.map(({ name }) => name).sort()).toEqual(['INSERT tasks', 'POST /add']);
  expect(sink.logs.filter(({ severityText }) => severityText === 'WARN')).toHaveLength(1);
});
