import type { DatabaseSync } from 'node:sqlite';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  decodeLogRecords,
  decodeSpans,
  parseExportRequest,
} from 'opentelemetry-instrument-exporters/decode';
import { encodeLogs, encodeSpans } from 'opentelemetry-instrument-exporters/encode';
import { createMemoryTraceStore } from './memory-trace-store.ts';
import type { StoreLimits, TraceStore } from './trace-store.ts';

/** Time that records wait to be written together. */
const WRITE_INTERVAL_MS = 500;
const MAX_RUNS = 5;
/** @see https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** Identifies a file of the viewer: "otlv" in ASCII. */
const APPLICATION_ID = 0x6f746c76;
/** Tables of a file from before the application ID was set. */
const OLDER_TABLES = 'batches,runs';

export interface SqliteOptions {
  /** Bounds of what is kept in memory and found. */
  readonly limits?: Partial<StoreLimits> | undefined;
  /** Bytes of records in the file; the oldest are deleted. @default 268_435_456 */
  readonly maxFileBytes?: number | undefined;
  /** Takes a message when records cannot be written, and when they can be again. */
  readonly notify?: ((message: string) => void) | undefined;
}

// Exclusive: a second viewer would delete runs of the first, and could not write while the first does.
// auto_vacuum comes early: it has no effect once a pragma has written to the file.
const SCHEMA = `
  pragma locking_mode = exclusive;
  pragma auto_vacuum = incremental;
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists runs (id integer primary key, started integer not null) strict;
  create table if not exists batches (
    id integer primary key,
    run integer not null references runs (id),
    signal text not null,
    request blob not null
  ) strict;
  pragma application_id = ${APPLICATION_ID};
`;

/**
 * Opens a store that survives the process. A memory store answers all queries. Its records are written to
 * a SQLite database in batches, as OTLP, and read from there at the start.
 *
 * The newest five runs are kept.
 *
 * @param sqlite passed in, because a bundle would load a static import at every start, and old versions of Node
 * do not have it
 */
export function openSqliteTraceStore(
  path: string,
  sqlite: Pick<typeof import('node:sqlite'), 'DatabaseSync'>,
  { limits, maxFileBytes = MAX_FILE_BYTES, notify = () => {} }: SqliteOptions = {},
): TraceStore {
  const database = openDatabase(path, sqlite);
  const memory = createMemoryTraceStore(limits);
  let spans: ReadableSpan[] = [];
  let logs: ReadableLogRecord[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFailing = false;
  let unsavedRecords = 0;

  deleteOldRuns(database);
  restore(database, memory);
  const run = Number(
    database.prepare('insert into runs (started) values (?)').run(Date.now()).lastInsertRowid,
  );
  const insert = database.prepare('insert into batches (run, signal, request) values (?, ?, ?)');

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      database.exec('begin');
      const [ofSpans, ofLogs] = [encodeSpans(spans), encodeLogs(logs)];
      if (spans.length > 0) insert.run(run, 'traces', ofSpans.bytes);
      if (logs.length > 0) insert.run(run, 'logs', ofLogs.bytes);
      prune(database, maxFileBytes);
      database.exec('commit');
      unsavedRecords += ofSpans.unencodable + ofLogs.unencodable;
      if (isFailing) notify(`Records are saved to ${path} again; ${unsavedRecords} are not in it.`);
      isFailing = false;
    } catch (error) {
      // A full disk or a locked file costs these records in the file, not the viewer.
      if (database.isTransaction) database.exec('rollback');
      unsavedRecords += spans.length + logs.length;
      if (!isFailing)
        notify(
          `Cannot save to ${path}: ${(error as Error).message}. Records are kept in memory only.`,
        );
      isFailing = true;
    }
    spans = [];
    logs = [];
  }

  function schedule(): void {
    if (timer !== undefined) return;
    timer = setTimeout(write, WRITE_INTERVAL_MS);
    timer.unref();
  }

  return {
    ...memory,
    addSpans(records) {
      for (const record of records) spans.push(record);
      schedule();
      return memory.addSpans(records);
    },
    deferSpans(records) {
      for (const record of records) spans.push(record);
      schedule();
      memory.deferSpans(records);
    },
    addLogs(records) {
      for (const record of records) logs.push(record);
      schedule();
      memory.addLogs(records);
    },
    stats: () => ({ ...memory.stats(), unsavedRecords }),
    clear() {
      spans = [];
      logs = [];
      unsavedRecords = 0;
      database.exec('delete from batches');
      shrinkFile(database);
      memory.clear();
    },
    close() {
      write();
      memory.close();
      database.close();
    },
  };
}

interface SqliteError extends Error {
  readonly errcode?: number;
}

function openDatabase(
  path: string,
  { DatabaseSync }: Pick<typeof import('node:sqlite'), 'DatabaseSync'>,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  let foreign: string | undefined;
  try {
    database = new DatabaseSync(path);
    foreign = findForeignContent(database);
    if (foreign === undefined) {
      database.exec(SCHEMA);
      return database;
    }
  } catch (error) {
    database?.close();
    const { message: reason, errcode } = error as SqliteError;
    const message =
      errcode === SQLITE_BUSY || /locked/.test(reason)
        ? `"${path}" is in use by another program, such as another viewer; save to another file`
        : `"${path}" cannot be opened as a SQLite database: ${reason}`;
    throw new Error(message, { cause: error });
  }
  database.close();
  throw new Error(`"${path}" belongs to another program: it has ${foreign}; save to another file`);
}

/** Returns what another program has in its database. Its tables may have the names of ours. */
function findForeignContent(database: DatabaseSync): string | undefined {
  const id = database.prepare('pragma application_id').get()?.application_id;
  if (id === APPLICATION_ID) return undefined;
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table' and name not glob 'sqlite_*'")
    .all()
    .map(({ name }) => String(name))
    .sort();
  if (id === 0 && (tables.length === 0 || tables.join() === OLDER_TABLES)) return undefined;
  return tables.length > 0 ? `the table "${tables[0]}"` : `the application ID ${id}`;
}

/** Leaves room for the run that begins. */
function deleteOldRuns(database: DatabaseSync): void {
  const newest = `select id from runs order by id desc limit ${MAX_RUNS - 1}`;
  database.exec(`
    delete from batches where run not in (${newest});
    delete from runs where id not in (${newest});
  `);
  shrinkFile(database);
}

/** Gives the space of deleted records back to the file system. */
function shrinkFile(database: DatabaseSync): void {
  // Not exec(): on Deno, it takes only the first of the steps, each of which frees one page.
  database.prepare('pragma incremental_vacuum').all();
}

function restore(database: DatabaseSync, store: TraceStore): void {
  const rows = database.prepare('select signal, request from batches order by id').iterate();
  for (const { signal, request } of rows) {
    if (!(request instanceof Uint8Array)) continue;
    try {
      if (signal === 'traces') {
        store.addSpans(decodeSpans(parseExportRequest('traces', request, 'protobuf')).records);
      } else {
        store.addLogs(decodeLogRecords(parseExportRequest('logs', request, 'protobuf')).records);
      }
    } catch {
      // Another program has written to the file.
    }
  }
}

function prune(database: DatabaseSync, maxBytes: number): void {
  database
    .prepare(
      `delete from batches where id in (
        select id from (
          select id, sum(length(request)) over (order by id desc) as bytes from batches
        ) where bytes > ?
      )`,
    )
    .run(maxBytes);
}
