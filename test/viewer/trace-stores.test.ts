import * as sqlite from 'node:sqlite';
import { expect, test } from 'vitest';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import { openSqliteTraceStore } from '../../packages/opentelemetry-viewer/src/store/sqlite-trace-store.ts';
import { testTraceStore } from '../contracts/trace-store.ts';
import { recordLogs, recordSpans } from '../support/sdk-records.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

testTraceStore('memory', createMemoryTraceStore);
testTraceStore('SQLite', (limits) => openSqliteTraceStore(':memory:', sqlite, { limits }));

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
