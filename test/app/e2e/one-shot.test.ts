import { expect, test } from 'vitest';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { runApp } from '../../support/spawned-app.ts';

const entry = 'test/support/programs/one-shot.ts';

test('a program that exits by itself has exported its records', async () => {
  await using sink = await startOtlpSink();
  const { code, stderr } = await runApp({ entry, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
  expect(code).toBe(0);
  expect(sink.spans.map(({ name }) => name)).toEqual(['one']);
  expect(sink.logs.map(({ body }) => body)).toEqual(['two']);
  expect(stderr).not.toContain('dropped');
});

test.each([
  ['exit', 3],
  ['throw', 1],
] as const)('a program that ends by %s reports undelivered records', async (END, exitCode) => {
  await using sink = await startOtlpSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, END };
  const { code, stderr } = await runApp({ entry, env });
  expect(code).toBe(exitCode);
  const lost = (records: string) => `${records} created, 0 exported, \\d dropped \\(the program`;
  expect(stderr).toMatch(new RegExp(`^Traces to otlp: ${lost('2 spans')}`, 'm'));
  expect(stderr).toMatch(new RegExp(`^Logs to otlp: ${lost('1 log record')}`, 'm'));
  expect(stderr.match(/^Traces to otlp/gm)).toHaveLength(1);
  if (END === 'throw') expect(stderr).toContain('thrown');
});

test('a program that catches its exception delivers its records', async () => {
  await using sink = await startOtlpSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, END: 'catch' };
  const { code, stderr } = await runApp({ entry, env });
  expect(code).toBe(0);
  expect(sink.spans.map(({ name }) => name)).toEqual(['one']);
  expect(stderr).not.toContain('dropped');
});

test('a program that exits by itself reports undelivered records and exits with 0', async () => {
  await using sink = await startOtlpSink();
  await sink.close();
  const { code, stderr } = await runApp({ entry, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Traces to otlp: 1 span created, 0 exported, 1 dropped \(.*\)\.$/m);
});
