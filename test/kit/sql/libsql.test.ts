import { type Client, createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { expect, test } from 'vitest';
import { traceLibsql } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import {
  type DriverProgram,
  SECRET,
  testTracedDriver,
  underSpan,
} from '../../contracts/sql-driver.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';
import { drizzleSchema, sqliteNotes as notes } from './drizzle-programs.ts';

useContext();

const rows = (count: number) => ({ 'db.response.returned_rows': count });
/** Returns the attributes of statements that are sent together. */
const batch = (size: number) => ({ 'db.operation.name': 'BATCH', 'db.operation.batch.size': size });
const row = { id: 1, body: SECRET };
const sql = 'INSERT INTO notes VALUES (?, ?)';
const insert = { sql, args: [1, SECRET] };

const programs: DriverProgram<Client>[] = [
  {
    name: 'execute, in all of its forms',
    run: async (client) => [
      await client.execute(insert),
      await client.execute(sql, [2, SECRET]),
      await client.execute(`SELECT body FROM notes WHERE body = '${SECRET}'`),
      await client.execute({ sql: 'SELECT * FROM notes WHERE id = :id', args: { id: 1 } }),
    ],
    spans: [
      ['INSERT notes', { 'db.query.text': sql }],
      ['INSERT notes', { 'db.query.text': sql }],
      ['SELECT notes', { ...rows(2), 'db.query.text': 'SELECT body FROM notes WHERE body = ?' }],
      ['SELECT notes', { ...rows(1), 'db.query.text': 'SELECT * FROM notes WHERE id = :id' }],
    ],
  },
  {
    name: 'a refused statement',
    async run(client) {
      await client.execute(insert);
      await client.execute(insert);
    },
    spans: [
      'INSERT notes',
      [
        'INSERT notes',
        { 'db.response.status_code': 'SQLITE_CONSTRAINT', 'error.type': 'SQLITE_CONSTRAINT' },
      ],
    ],
  },
  {
    name: 'a batch',
    run: (client) => client.batch([insert, { sql, args: [2, SECRET] }, 'SELECT id FROM notes']),
    spans: [['BATCH', { ...rows(2), ...batch(3) }]],
  },
  {
    name: 'batches of equal statements, of one and of none',
    run: async (client) => [
      await client.batch([insert, { sql, args: [2, SECRET] }]),
      await client.batch(['SELECT id FROM notes']),
      await client.batch([]),
    ],
    spans: [
      ['BATCH INSERT notes', { ...batch(2), 'db.query.text': sql }],
      ['SELECT notes', { ...rows(2), 'db.query.text': 'SELECT id FROM notes' }],
      ['BATCH', batch(0)],
    ],
  },
  {
    name: 'executeMultiple',
    run: (client) => client.executeMultiple(`INSERT INTO notes VALUES (1, '${SECRET}'); SELECT 1`),
    spans: ['INSERT notes SELECT'],
  },
  {
    name: 'a transaction that is committed, and one that is closed',
    async run(client) {
      const first = await client.transaction('write');
      await first.execute(insert);
      await first.commit();
      const second = await client.transaction('write');
      await second.execute({ sql, args: [2, SECRET] });
      second.close();
      return [first.closed, (await client.execute('SELECT id FROM notes')).rows];
    },
    spans: ['INSERT notes', 'COMMIT', 'INSERT notes', 'SELECT notes'],
  },
  {
    name: 'a client that is closed',
    async run(client) {
      client.close();
      await client.execute('SELECT 1');
    },
    spans: ['SELECT'],
  },
  {
    name: 'Drizzle: insert, returning, select, batch',
    async run(client) {
      const db = drizzle(client);
      return [
        await db.insert(notes).values(row).returning(),
        await db.select().from(notes),
        await db.batch([db.select().from(notes), db.delete(notes).returning()]),
      ];
    },
    spans: [
      ['insert notes', rows(1)],
      ['select notes', rows(1)],
      ['BATCH', { ...rows(2), ...batch(2) }],
    ],
  },
  {
    name: 'Drizzle: a relational query',
    async run(client) {
      const db = drizzle(client, { schema: drizzleSchema });
      await db.insert(notes).values(row);
      return await db.query.notes.findMany({ with: { self: true } });
    },
    spans: ['insert notes', ['select select select notes', rows(1)]],
  },
  {
    name: 'Drizzle: a transaction that fails',
    async run(client) {
      const db = drizzle(client);
      const work = db.transaction(async (tx) => {
        await tx.insert(notes).values(row);
        await tx.insert(notes).values(row);
      });
      await expect(work).rejects.toThrow();
      return await db.select().from(notes);
    },
    spans: ['insert notes', 'insert notes', 'ROLLBACK', 'select notes'],
  },
];

testTracedDriver<Client>({
  name: 'libsql',
  system: 'sqlite',
  async open() {
    const client = createClient({ url: 'file::memory:' });
    await client.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)');
    return client;
  },
  close: (client) => client.close(),
  trace: traceLibsql,
  programs,
});

test('traceLibsql() nests the statements of a transaction below its span if asked to', async () => {
  const telemetry = recordTelemetry();
  const options = { ...telemetry, transactions: true };
  const client = traceLibsql(createClient({ url: 'file::memory:' }), options);
  await underSpan(async () => {
    const transaction = await client.transaction();
    await transaction.execute('SELECT 1');
    await transaction.rollback();
    await client.execute('SELECT 2');
  });
  client.close();
  const spans = telemetry.spans();
  const id = spans.find(({ name }) => name === 'transaction')?.spanContext().spanId;
  expect(spans.map((span) => [span.name, span.parentSpanContext?.spanId === id])).toEqual([
    ['SELECT', true],
    ['ROLLBACK', true],
    ['transaction', false],
    ['SELECT', false],
  ]);
});
