import { versions } from 'node:process';
import { type AnyD1Database, drizzle } from 'drizzle-orm/d1';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe } from 'vitest';
import { traceD1 } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import { type DriverProgram, SECRET, testTracedDriver } from '../../contracts/sql-driver.ts';
import { useContext } from '../../support/use-context.ts';
import { drizzleSchema, sqliteNotes as notes } from './drizzle-programs.ts';

useContext();

type D1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

const isNode = versions.bun === undefined && versions.deno === undefined;
let miniflare: Miniflare;

const row = { id: 1, body: SECRET };
const INSERT = 'INSERT INTO notes VALUES (?, ?)';
const rows = (count: number) => ({ 'db.response.returned_rows': count });
/** Returns the attributes of statements that are sent together. */
const batch = (size: number) => ({ 'db.operation.name': 'BATCH', 'db.operation.batch.size': size });
const db = (database: D1) =>
  drizzle(database as unknown as AnyD1Database, { schema: drizzleSchema });

const programs: DriverProgram<D1>[] = [
  {
    name: 'run, all, raw and first',
    async run(database) {
      const { success } = await database.prepare(INSERT).bind(1, SECRET).run();
      const select = database.prepare('SELECT * FROM notes WHERE id = ?');
      return [
        success,
        (await select.bind(1).all()).results,
        await select.bind(1).raw(),
        await select.bind(2).first(),
        await database.prepare(`SELECT '${SECRET}' AS a`).first('a'),
      ];
    },
    spans: [
      ['INSERT notes', { 'db.query.text': INSERT }],
      ['SELECT notes', rows(1)],
      ['SELECT notes', rows(1)],
      ['SELECT notes', rows(0)],
      ['SELECT', { ...rows(1), 'db.query.text': 'SELECT ? AS a' }],
    ],
  },
  {
    name: 'a batch',
    async run(database) {
      const insert = database.prepare(INSERT);
      const results = await database.batch([
        insert.bind(1, SECRET),
        insert.bind(2, SECRET),
        database.prepare('SELECT id FROM notes'),
      ]);
      return results.map(({ results }: { results: unknown }) => results);
    },
    spans: [['BATCH', { ...rows(2), ...batch(3) }]],
  },
  {
    name: 'exec',
    run: async (database) => (await database.exec(`INSERT INTO notes VALUES (1, 'x')`)).count,
    spans: ['INSERT notes'],
  },
  {
    name: 'a refused statement',
    async run(database) {
      const insert = database.prepare(INSERT).bind(1, SECRET);
      await insert.run();
      await insert.run();
    },
    spans: ['INSERT notes', ['INSERT notes', { 'db.response.status_code': 'SQLITE_CONSTRAINT' }]],
  },
  {
    name: 'a session',
    async run(database) {
      const session = database.withSession('first-primary');
      return (await session.prepare('SELECT 1 AS a').all()).results;
    },
    spans: ['SELECT'],
  },
  {
    name: 'Drizzle: insert, returning, select, batch',
    run: async (database) => [
      await db(database).insert(notes).values(row).returning(),
      await db(database).select().from(notes),
      await db(database).batch([db(database).select().from(notes), db(database).delete(notes)]),
    ],
    spans: ['insert notes', 'select notes', ['BATCH', { ...rows(1), ...batch(2) }]],
  },
  {
    name: 'Drizzle: a relational query',
    async run(database) {
      await db(database).insert(notes).values(row);
      return await db(database).query.notes.findMany({ with: { self: true } });
    },
    spans: ['insert notes', ['select select select notes', rows(1)]],
  },
];

describe.skipIf(!isNode)(`traceD1()${isNode ? '' : ': Miniflare runs on Node'}`, () => {
  beforeAll(async () => {
    const { Miniflare } = await import('miniflare');
    miniflare = new Miniflare({
      modules: true,
      script: 'export default {}',
      d1Databases: { DB: 'notes' },
    });
    await miniflare.ready;
  });
  afterAll(() => miniflare?.dispose());

  testTracedDriver<D1>({
    name: 'D1',
    system: 'sqlite',
    async open() {
      const database = await miniflare.getD1Database('DB');
      await database.exec('DROP TABLE IF EXISTS notes');
      await database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)');
      return database;
    },
    close() {},
    trace: traceD1,
    // The duration in the results of Drizzle's batch differs between two runs.
    programs: programs.map((program) => ({
      ...program,
      run: async (database) => withoutMeta(await program.run(database)),
    })),
  });
});

/** Removes the metadata of results, which contains durations. */
function withoutMeta(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each) => (key === 'meta' ? undefined : each)));
}
