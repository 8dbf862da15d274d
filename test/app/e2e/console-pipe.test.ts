import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const all = [
  '--traces_exporter',
  'console',
  '--metrics_exporter',
  'console',
  '--logs_exporter',
  'console',
];

/** The part of a console record that these tests read. */
interface Document {
  readonly name?: string;
  readonly body?: string;
  readonly attributes?: Record<string, unknown>;
  readonly resource_metrics?: { scope_metrics: { metrics: { name: string }[] }[] }[];
}

const hasJq = spawnSync('jq', ['--version']).status === 0;

/** Reads a stream of documents as users do, with jq; by JSON.parse() on a machine without it. */
function readDocuments(file: string): Document[] {
  if (hasJq) {
    const { status, stdout, stderr } = spawnSync('jq', ['-s', '.', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  }
  return JSON.parse(`[${readFileSync(file, 'utf8').replaceAll('\n}\n{', '\n},\n{')}]`);
}

function metricNames(documents: readonly Document[]): string[][] {
  return documents.flatMap(({ resource_metrics }) =>
    resource_metrics
      ? [
          resource_metrics.flatMap(({ scope_metrics }) =>
            scope_metrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
          ),
        ]
      : [],
  );
}

function addTask(app: SpawnedApp, task: string): Promise<Response> {
  return fetch(`${app.url}/add`, { method: 'POST', body: new URLSearchParams({ task }) });
}

test('`| tee output.log` gets one document a span, metric export and log record, and nothing else', async () => {
  const log = join(temporary.path, 'output.log');
  await using app = await spawnApp({ args: all, pipe: `tee ${log}` });
  // Follows the redirect to the page.
  for (let i = 0; i < 5; i++) expect((await addTask(app, `task ${i}`)).status).toBe(200);
  expect((await fetch(`${app.url}/nowhere`)).status).toBe(404);
  const { code, stdout } = await app.stop();
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(log, 'utf8'));

  const documents = readDocuments(log);
  const names = (pick: (document: Document) => string | undefined) => {
    const counts: Record<string, number> = {};
    for (const name of documents.flatMap((document) => pick(document) ?? [])) {
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  expect(names(({ name }) => name)).toEqual({
    'POST /add': 5,
    'GET /': 5,
    GET: 1,
    'INSERT tasks': 5,
    'SELECT tasks': 5,
  });
  expect(names(({ body }) => body)).toEqual({ 'task added': 5 });
  // Nothing more came in 10 s than the export at the end.
  expect(metricNames(documents)).toEqual([
    expect.arrayContaining([
      'http.server.request.duration',
      'db.client.operation.duration',
      'task.changes',
      'task.count',
    ]),
  ]);
  expect(documents).toHaveLength(21 + 5 + 1);

  const { stdout: lines } = spawnSync('grep', ['url.path', log], { encoding: 'utf8' });
  expect(lines.trimEnd().split('\n')).toHaveLength(11);
  expect(lines).toContain('"url.path": "/nowhere"');
});

test('Ctrl-C, which also ends `tee`, leaves complete documents', async () => {
  const log = join(temporary.path, 'interrupted.log');
  await using app = await spawnApp({
    args: all,
    env: { OTEL_METRIC_EXPORT_INTERVAL: '200' },
    pipe: `tee ${log}`,
  });
  await addTask(app, 'milk');
  await app.waitFor(({ stdout }) => stdout.includes('task.changes'));
  process.kill(-app.pid, 'SIGINT');
  const { code, stderr } = await app.exited;
  expect(code).toBe(0);
  expect(stderr.split('\n').slice(3).join('\n')).not.toMatch(/EPIPE|Error|dropped/);

  const documents = readDocuments(log);
  expect(documents.flatMap(({ name, body }) => name ?? body ?? [])).toEqual(
    expect.arrayContaining(['POST /add', 'INSERT tasks', 'task added']),
  );
  expect(metricNames(documents).flat()).toContain('task.count');
});

test('metrics are printed once until they change', async () => {
  await using app = await spawnApp({
    args: ['--metrics_exporter', 'console', '--traces_exporter', 'none'],
    env: { OTEL_METRIC_EXPORT_INTERVAL: '100' },
    pipe: 'cat',
  });
  const exports = () => app.stdout.match(/"resource_metrics"/g)?.length ?? 0;
  await app.waitFor(() => exports() === 1);
  await addTask(app, 'milk');
  await app.waitFor(() => exports() >= 2);
  // The post and the page it redirects to may have ended on two sides of a collection.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(exports()).toBeLessThanOrEqual(3);
  expect((await app.stop()).code).toBe(0);
});

test('`| head -n 3` ends quietly and leaves the app serving', async () => {
  await using app = await spawnApp({ args: all, pipe: 'head -n 3' });
  await addTask(app, 'milk');
  await app.waitFor(({ stdout }) => stdout.split('\n').length > 3);
  for (let i = 0; i < 3; i++) expect((await fetch(app.url)).status).toBe(200);
  const { code, stdout, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stdout.split('\n')).toHaveLength(4);
  expect(stderr).not.toMatch(/EPIPE|Error|dropped/);
});
