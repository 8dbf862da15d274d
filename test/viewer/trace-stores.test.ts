import { readFileSync, statSync } from 'node:fs';
import * as sqlite from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import { openSqliteTraceStore } from '../../packages/opentelemetry-viewer/src/store/sqlite-trace-store.ts';
import type { TraceStore } from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { testTraceStore } from '../contracts/trace-store.ts';
import { currentRuntime } from '../support/app-command.ts';
import { recordLogs, recordSpans } from '../support/sdk-records.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

testTraceStore('memory', createMemoryTraceStore);
testTraceStore('SQLite', (limits) => openSqliteTraceStore(':memory:', sqlite, { limits }));

/** Collects all garbage; undefined where a program cannot ask for that. */
function findCollector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  return runInNewContext('typeof gc === "function" ? gc : undefined');
}

test('a memory store does not hold the traces that it has dropped', async ({ skip }) => {
  const collectGarbage = currentRuntime === 'bun' ? undefined : findCollector();
  if (collectGarbage === undefined) return skip('this runtime has no gc() that reports when done');
  const store = createMemoryTraceStore({ maxTraces: 10 });
  const dropped = new WeakRef(addRequest(store));
  for (let index = 0; index < 14; index++) addRequest(store);
  expect(store.stats().droppedTraces).toBe(5);
  // A WeakRef keeps its target until the current task ends.
  await sleep(0);
  collectGarbage();
  expect(dropped.deref()).toBeUndefined();
});

function addRequest(store: TraceStore): ReadableSpan {
  const spans = recordSpans((tracer) => tracer.startSpan('GET /').end());
  store.addSpans(spans);
  return spans[0] as ReadableSpan;
}

const directory = useTemporaryDirectory();

function addRun(path: string, name: string, maxFileBytes?: number): void {
  const store = openSqliteTraceStore(path, sqlite, { maxFileBytes });
  store.addSpans(recordSpans((tracer) => tracer.startSpan(name).end()));
  store.addLogs(recordLogs((logger) => logger.emit({ body: name })));
  store.close();
}

function namesIn(path: string): string[] {
  const store = openSqliteTraceStore(path, sqlite);
  const { traces } = store.findTraces({ sort: 'oldest' });
  store.close();
  return traces.map(({ root }) => root.name);
}

test('a SQLite store restores the newest runs', () => {
  const path = directory.newPath();
  for (const name of ['1', '2', '3', '4', '5', '6']) addRun(path, name);
  // The run that reads is the fifth.
  expect(namesIn(path)).toEqual(['3', '4', '5', '6']);
});

test('a SQLite store deletes the oldest records when the file is full', () => {
  const path = directory.newPath();
  for (const name of ['milk', 'bread']) addRun(path, name, 250);
  expect(namesIn(path)).toEqual(['bread']);
});

test('a SQLite store gives the space of deleted records back', () => {
  const path = directory.newPath();
  addRun(path, 'milk'.repeat(250_000));
  expect(statSync(path).size).toBeGreaterThan(1_000_000);
  const store = openSqliteTraceStore(path, sqlite);
  store.clear();
  store.close();
  expect(statSync(path).size).toBeLessThan(100_000);
});

test('a SQLite store counts and reports records that it cannot write, and continues', () => {
  const path = directory.newPath();
  openSqliteTraceStore(path, sqlite).close();
  const other = new sqlite.DatabaseSync(path);
  other.exec("create trigger full before insert on batches begin select raise(abort, 'full'); end");
  other.close();
  const messages: string[] = [];
  const store = openSqliteTraceStore(path, sqlite, { notify: (text) => void messages.push(text) });
  store.addSpans(recordSpans((tracer) => tracer.startSpan('milk').end()));
  store.close();
  expect(store.stats()).toMatchObject({ spans: 1, unsavedRecords: 1 });
  expect(messages).toEqual([
    expect.stringMatching(/^Cannot save to .*: full. Records are kept in memory only\.$/),
  ]);
});

test('a SQLite store refuses a file that another one has open', () => {
  const path = directory.newPath();
  const store = openSqliteTraceStore(path, sqlite);
  expect(() => openSqliteTraceStore(path, sqlite)).toThrow(
    `"${path}" is in use by another program, such as another viewer; save to another file`,
  );
  store.close();
  openSqliteTraceStore(path, sqlite).close();
});

test.each([
  ['a table', 'create table users (id)', 'the table "users"'],
  [
    'tables of the same names',
    'pragma application_id = 7; create table runs (id)',
    'the table "runs"',
  ],
  ['only an application ID', 'pragma application_id = 7', 'the application ID 7'],
])('a SQLite store refuses a file in which another program has %s', (_, sql, content) => {
  const path = directory.newPath();
  const other = new sqlite.DatabaseSync(path);
  other.exec(sql);
  other.close();
  const before = readFileSync(path);
  expect(() => openSqliteTraceStore(path, sqlite)).toThrow(
    `"${path}" belongs to another program: it has ${content}; save to another file`,
  );
  expect(readFileSync(path)).toEqual(before);
});

test('a SQLite store opens a file from before it had an application ID', () => {
  const path = directory.newPath();
  addRun(path, 'milk');
  const file = new sqlite.DatabaseSync(path);
  file.exec('pragma application_id = 0');
  file.close();
  expect(namesIn(path)).toEqual(['milk']);
});
