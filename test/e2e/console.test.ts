import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { spawnApp } from '../support/spawned-app.ts';
import { waitUntil } from '../support/wait-until.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLAGS = [
  ...['traces', 'metrics', 'logs'].flatMap((signal) => [`--${signal}_exporter`, 'console']),
  ...['--service_name', 'todo'],
];
const QUICK = { OTEL_METRIC_EXPORT_INTERVAL: '200' };

/** Reads a stream of JSON documents, as `jq -s` does. Every one begins with `{` in the first column. */
function parseDocuments(text: string): Record<string, unknown>[] {
  return text
    .split(/^(?=\{)/m)
    .filter(Boolean)
    .map((document) => JSON.parse(document));
}

test('each span, log record and metric is one JSON document, and nothing else is on stdout', async () => {
  const file = join(folder, 'output.log');
  await using app = await spawnApp({ args: FLAGS, env: QUICK, pipe: `tee '${file}'` });
  await fetch(`${app.url}/add`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ task: 'milk' }),
  });
  await fetch(`${app.url}/?page=2`);
  await waitUntil(
    () => readFileSync(file, 'utf8').includes('resource_metrics'),
    10_000,
    () => readFileSync(file, 'utf8'),
  );
  // Ctrl-C reaches tee as well: what counts is what was written by then.
  const text = readFileSync(file, 'utf8');
  await app.stop('SIGINT');

  const documents = parseDocuments(text);
  const spans = documents.filter((document) => 'kind' in document);
  expect(spans.map(({ name }) => name)).toEqual([
    'INSERT tasks',
    'POST /add',
    'SELECT tasks',
    'GET /',
  ]);
  const [sql, server] = spans as { context: Record<string, string>; parent_id: string }[];
  expect(sql?.context.trace_id).toMatch(/^0x[0-9a-f]{32}$/);
  expect(sql?.parent_id).toBe(server?.context.span_id);
  const logs = documents.filter((document) => 'severity_text' in document);
  expect(logs).toHaveLength(1);
  expect(logs[0]).toMatchObject({ body: 'task added', trace_id: sql?.context.trace_id });
  const metrics = documents.filter((document) => 'resource_metrics' in document);
  expect(metrics.length).toBeGreaterThan(0);
  expect(spans.length + logs.length + metrics.length).toBe(documents.length);

  const grepped = text.split('\n').filter((line) => line.includes('url.path'));
  expect(grepped.map((line) => line.trim())).toEqual(['"url.path": "/add",', '"url.path": "/",']);
});

test('metrics are printed only when something has changed', async () => {
  const file = join(folder, 'metrics.log');
  await using app = await spawnApp({ args: FLAGS, env: QUICK, pipe: `tee '${file}'` });
  const count = () =>
    parseDocuments(readFileSync(file, 'utf8')).filter((document) => 'resource_metrics' in document)
      .length;
  await fetch(app.url);
  await waitUntil(
    () => count() > 0,
    10_000,
    () => readFileSync(file, 'utf8'),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = count();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(count()).toBe(before);
  await fetch(app.url);
  await waitUntil(
    () => count() > before,
    10_000,
    () => readFileSync(file, 'utf8'),
  );
});

test('a reader that has seen enough (`| head`) ends quietly, and the app goes on', async () => {
  await using app = await spawnApp({ args: FLAGS, env: QUICK, pipe: 'head -n 3' });
  for (let i = 0; i < 20; i++) expect((await fetch(app.url)).status).toBe(200);
  expect(app.stderr.trimEnd().split('\n')).toHaveLength(3);
});
