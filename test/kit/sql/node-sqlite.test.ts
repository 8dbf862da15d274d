import { DatabaseSync, StatementSync } from 'node:sqlite';
import { context, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { traceSqlite } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import {
  type DriverProgram,
  SECRET,
  testTracedDriver,
  underSpan,
} from '../../contracts/sql-driver.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';
import { sqlitePrograms } from './sqlite-programs.ts';

useContext();

/** Returns a value, or what a function throws. */
function outcomeOf(value: unknown): unknown {
  try {
    return typeof value === 'function' ? value() : value;
  } catch (error) {
    return String(error);
  }
}

testTracedDriver<DatabaseSync>({
  name: 'node:sqlite',
  system: 'sqlite',
  open() {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)');
    return database;
  },
  close: (database) => database.isOpen && database.close(),
  trace: traceSqlite,
  programs: [
    ...(sqlitePrograms('1555') as DriverProgram<DatabaseSync>[]),
    {
      name: 'classes and fields',
      run(database) {
        const statement = database.prepare('SELECT ? AS a');
        return [
          database instanceof DatabaseSync,
          statement instanceof StatementSync,
          database.isOpen,
          statement.sourceSQL,
          statement.columns(),
        ];
      },
      spans: [],
    },
    {
      name: 'template tags',
      run(database) {
        const tags = database.createTagStore();
        const inserted = tags.run`INSERT INTO notes VALUES (${1}, ${SECRET})`;
        const found = [
          tags.get`SELECT body FROM notes WHERE id = ${1}`,
          tags.all`SELECT id FROM notes`,
          [...tags.iterate`SELECT id FROM notes WHERE body = ${SECRET}`],
        ];
        return [inserted, found, tags.size, () => tags.all`SELECT * FROM nowhere`].map(outcomeOf);
      },
      spans: [
        ['INSERT notes', { 'db.query.text': 'INSERT INTO notes VALUES (?, ?)' }],
        ['SELECT notes', { 'db.response.returned_rows': 1 }],
        ['SELECT notes', { 'db.response.returned_rows': 1 }],
        ['SELECT notes', { 'db.response.returned_rows': 1 }],
        ['SELECT nowhere', { 'db.response.status_code': '1' }],
      ],
    },
    {
      name: 'a database that is closed',
      run(database) {
        database.close();
        return database.prepare('SELECT 1');
      },
      spans: [['SELECT', { 'error.type': 'Error' }]],
    },
  ],
});

test('traceSqlite() nests the statements of a transaction below its span if asked to', () => {
  const telemetry = recordTelemetry();
  const options = { ...telemetry, transactions: true };
  const database = traceSqlite(new DatabaseSync(':memory:'), options);
  underSpan(() => {
    database.exec('BEGIN IMMEDIATE');
    database.prepare('SELECT 1').get();
    database.exec('COMMIT');
    database.prepare('SELECT 2').get();
  });
  const spans = telemetry.spans();
  const transaction = spans.find(({ name }) => name === 'transaction');
  expect(transaction?.kind).toBe(SpanKind.INTERNAL);
  const id = transaction?.spanContext().spanId;
  expect(spans.map((span) => [span.name, span.parentSpanContext?.spanId === id])).toEqual([
    ['BEGIN', true],
    ['SELECT', true],
    ['COMMIT', true],
    ['transaction', false],
    ['SELECT', false],
  ]);
});

test('traceSqlite() ends a transaction whose BEGIN fails', () => {
  const telemetry = recordTelemetry();
  const options = { ...telemetry, transactions: true };
  const database = traceSqlite(new DatabaseSync(':memory:'), options);
  database.exec('BEGIN');
  underSpan(() => expect(() => database.exec('BEGIN')).toThrow());
  expect(telemetry.spans().map(({ name }) => name)).toEqual(['BEGIN', 'transaction']);
});

test('a transaction of traceSqlite() is part of one trace, and a script has none', () => {
  const telemetry = recordTelemetry();
  const database = traceSqlite(new DatabaseSync(':memory:'), { ...telemetry, transactions: true });
  underSpan(() => database.exec('BEGIN; CREATE TABLE tasks (title); COMMIT'));
  expect(telemetry.spans().map(({ name }) => name)).not.toContain('transaction');
  underSpan(() => {
    database.exec('BEGIN');
    // Another request on the same connection.
    context.with(ROOT_CONTEXT, () => underSpan(() => database.prepare('SELECT 1').get()));
    database.exec('COMMIT');
  });
  const spans = telemetry.spans();
  const joined = spans.find(({ name }) => name === 'transaction')?.spanContext().traceId;
  const traceOf = (wanted: string) =>
    spans.findLast(({ name }) => name === wanted)?.spanContext().traceId;
  expect(traceOf('COMMIT')).toBe(joined);
  expect(traceOf('SELECT')).not.toBe(joined);
});
