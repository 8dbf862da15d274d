import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { buildBundle } from '../../support/build-bundle.ts';
import { type Exit, spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const log = join(temporary.path, 'output.log');

/** Commands of users of the Python original, unchanged. */
const ORIGINAL = {
  OTEL_SERVICE_NAME: 'todo',
  OTEL_TRACES_EXPORTER: 'console',
  OTEL_METRICS_EXPORTER: 'console',
  OTEL_LOG_EXPORTER: 'console',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '0.0.0.0:4317',
  OTEL_EXPORTER_OTLP_INSECURE: 'true',
};

/** Runs the program for a task and a page into `| tee output.log`. */
async function run(env: Record<string, string>): Promise<Exit & { readonly url: string }> {
  await using app = await spawnApp({
    entry: currentRuntime === 'node' ? 'bundle' : 'source',
    env,
    pipe: `tee ${log}`,
  });
  const body = new URLSearchParams({ task: 'milk' });
  expect((await fetch(`${app.url}/add`, { method: 'POST', body })).status).toBe(200);
  await fetch(`${app.url}/?page=1&sig=hunter2`);
  return { ...(await app.stop()), url: app.url };
}

function grep(pattern: string): string[] {
  const { stdout } = spawnSync('grep', [pattern, log], { encoding: 'utf8' });
  return stdout.split('\n').slice(0, -1);
}

beforeAll(() => {
  if (currentRuntime === 'node') buildBundle();
});

describe("the Python original's environment", () => {
  let exit: Exit;
  beforeAll(async () => {
    exit = await run(ORIGINAL);
  });

  test('starts the program after warnings about unused variables and their replacements', () => {
    expect(exit.code).toBe(0);
    const [name, endpoint, ...rest] = exit.stderr.split('\n');
    expect(name).toBe('OTEL_LOG_EXPORTER: unknown variable; did you mean OTEL_LOGS_EXPORTER?');
    expect(endpoint).toBe(
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "0.0.0.0:4317" is not used, because traces go to console; ' +
        'add otlp to OTEL_TRACES_EXPORTER, or remove the endpoint',
    );
    expect(rest[0]).toMatch(/^To-Do List /);
    expect(rest[1]).toBe('Traces to stdout; metrics to stdout; logs to stderr');
  });

  test('prints spans and metrics of todo, under the names of today alone', () => {
    expect(grep('"name": "POST /add"')).toHaveLength(1);
    expect(grep('"name": "http.server.request.duration"')).toHaveLength(1);
    const names = grep('"service.name"');
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((line) => !line.includes('"service.name": "todo"'))).toEqual([]);
    expect(readFileSync(log, 'utf8')).not.toMatch(/http\.url|http\.server\.duration|db\.statement/);
  });

  test('shows log records as lines on stderr', () => {
    expect(exit.stderr).toMatch(/^.*INFO task added/m);
  });
});

test('OTEL_SEMCONV_STABILITY_OPT_IN=http/dup,database/dup prints the old names beside', async () => {
  const { url, stdout } = await run({
    ...ORIGINAL,
    OTEL_LOGS_EXPORTER: 'console',
    OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup,database/dup',
  });
  const urls = grep('http.url').map((line) =>
    /"http\.url": "(.*)"/.exec(line)?.[1]?.replace(/(?<=added=)\d+\.\d+$/, 'ID'),
  );
  expect(urls).toEqual([`${url}/add`, `${url}/?added=ID`, `${url}/?page=1&sig=REDACTED`]);
  expect(grep('url.path')).toHaveLength(3);
  expect(grep('"name": "http.server.duration"')).toHaveLength(1);
  expect(grep('"name": "http.server.request.duration"')).toHaveLength(1);
  const statement = grep('db.statement').map((line) => line.replace('statement', 'query.text'));
  expect(statement).toHaveLength(3);
  expect(grep('db.query.text').toSorted()).toEqual(statement.toSorted());
  expect(grep('"body": "task added"')).toHaveLength(1);
  expect(stdout).not.toContain('hunter2');
});
