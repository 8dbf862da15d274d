import { describe, expect, test } from 'vitest';
import { summarizeSql } from '../../src/tracing/summarize-sql.ts';

/** Statement, summary, and the operation and tables where the summary does not show them. */
const STATEMENTS: [sql: string, summary: string, operation?: string, tables?: string[]][] = [
  // What Drizzle writes for this app.
  ['select "id", "title" from "tasks" order by "tasks"."id" asc', 'SELECT tasks'],
  ['insert into "tasks" ("id", "title") values (null, ?) returning "id"', 'INSERT tasks'],
  ['update "tasks" set "title" = ?, "completed" = ? where "tasks"."id" = ?', 'UPDATE tasks'],
  ['delete from "tasks" where "tasks"."id" = ?', 'DELETE tasks'],

  // The examples of the conventions.
  ['SELECT * FROM wuser_table WHERE username = ?', 'SELECT wuser_table'],
  [
    'INSERT INTO shipping_details (order_id) SELECT order_id FROM orders WHERE order_id = ?',
    'INSERT shipping_details SELECT orders',
    'INSERT',
    ['shipping_details', 'orders'],
  ],
  ['SELECT * FROM songs, artists WHERE songs.artist_id == artists.id', 'SELECT songs artists'],
  [
    'SELECT date FROM (SELECT * FROM orders o JOIN customers c ON o.id = c.id)',
    'SELECT SELECT orders customers',
    'SELECT',
    ['orders', 'customers'],
  ],

  // Names.
  ['SELECT * FROM "main"."tasks"', 'SELECT main.tasks'],
  ['SELECT * FROM main . tasks', 'SELECT main.tasks'],
  ['SELECT * FROM `my tasks`', 'SELECT my tasks', 'SELECT', ['my tasks']],
  ['SELECT * FROM [my tasks]', 'SELECT my tasks', 'SELECT', ['my tasks']],
  ['SELECT * FROM "select"', 'SELECT select', 'SELECT', ['select']],
  ['SELECT * FROM Aufgäben', 'SELECT Aufgäben'],
  ['select * From TASKS', 'SELECT TASKS'],

  // Comments and strings.
  ['-- DELETE FROM a\nSELECT * FROM tasks', 'SELECT tasks'],
  ['/* DELETE FROM a */ SELECT /* FROM b */ 1 FROM tasks -- JOIN c', 'SELECT tasks'],
  ["SELECT 'x FROM secret' FROM tasks WHERE a = 'it''s FROM b'", 'SELECT tasks'],
  ['SELECT $$ FROM secret $$ FROM tasks', 'SELECT tasks'],
  ["INSERT INTO tasks VALUES ('-- milk', 'DELETE FROM secret')", 'INSERT tasks'],
  ["SELECT * FROM tasks WHERE title = 'unfinished FROM secret", 'SELECT tasks'],

  // Joins and lists.
  ['SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x, y)', 'SELECT a b c'],
  ['SELECT * FROM a JOIN b ON a.x = b.x, c WHERE c.x IN (1, 2)', 'SELECT a b c'],
  ['SELECT * FROM a AS x, b y, c WHERE x.i IN (1, 2)', 'SELECT a b c'],
  ['SELECT a, b FROM t ORDER BY a, b', 'SELECT t'],
  ['SELECT * FROM (a JOIN b ON a.x = b.x), c', 'SELECT a b c'],
  ['SELECT * FROM a JOIN a AS b ON a.x = b.y', 'SELECT a'],
  ['SELECT t.id FROM tasks t CROSS JOIN json_each(t.tags)', 'SELECT tasks'],
  ['SELECT * FROM generate_series(1, 3), tasks', 'SELECT tasks'],

  // Queries in queries.
  ['SELECT * FROM a WHERE x IN (SELECT x FROM b)', 'SELECT a SELECT b', 'SELECT', ['a', 'b']],
  ['SELECT (SELECT count(*) FROM b), x FROM a', 'SELECT SELECT b a', 'SELECT', ['b', 'a']],
  ['SELECT x FROM a UNION ALL SELECT x FROM b', 'SELECT a SELECT b', 'SELECT', ['a', 'b']],
  [
    'WITH old AS (SELECT id FROM tasks) DELETE FROM tags WHERE id IN (SELECT id FROM old)',
    'SELECT tasks DELETE tags SELECT',
    'DELETE',
    ['tasks', 'tags'],
  ],
  [
    'WITH RECURSIVE n(x) AS (SELECT 1), m AS (SELECT x FROM n) SELECT * FROM n, m, tasks',
    'SELECT SELECT SELECT tasks',
    'SELECT',
    ['tasks'],
  ],
  [
    'SELECT * FROM a JOIN LATERAL (SELECT * FROM b) AS c ON true',
    'SELECT a SELECT b',
    'SELECT',
    ['a', 'b'],
  ],

  // FROM that names no table.
  ['SELECT extract(year FROM created_at), trim(both FROM title) FROM tasks', 'SELECT tasks'],
  ['SELECT * FROM tasks WHERE a IS DISTINCT FROM b', 'SELECT tasks'],

  // Writing.
  ['INSERT OR REPLACE INTO tasks (id) VALUES (?)', 'INSERT tasks'],
  [
    'INSERT INTO tasks (title) SELECT title FROM tasks WHERE id = ?',
    'INSERT tasks SELECT tasks',
    'INSERT',
    ['tasks'],
  ],
  ['REPLACE INTO tasks (id) VALUES (?)', 'REPLACE tasks'],
  [
    'INSERT INTO tasks (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET title = excluded.title',
    'INSERT tasks',
  ],
  ['UPDATE OR IGNORE tasks SET a = b FROM c', 'UPDATE tasks c'],
  ['UPDATE ONLY tasks SET a = replace(b, ?, ?)', 'UPDATE tasks'],
  ['DELETE FROM tasks USING tags WHERE tags.id = ?', 'DELETE tasks tags'],
  ['SELECT * FROM tasks FOR UPDATE', 'SELECT tasks'],

  // Definitions and the rest.
  [
    'CREATE TABLE IF NOT EXISTS tasks (id INTEGER REFERENCES lists ON DELETE CASCADE)',
    'CREATE TABLE tasks',
  ],
  [
    'CREATE TEMP TABLE t AS SELECT * FROM tasks',
    'CREATE TABLE t SELECT tasks',
    'CREATE TABLE',
    ['t', 'tasks'],
  ],
  ['CREATE UNIQUE INDEX IF NOT EXISTS by_title ON tasks (title)', 'CREATE INDEX tasks'],
  ['DROP TABLE IF EXISTS tasks', 'DROP TABLE tasks'],
  ['ALTER TABLE tasks ADD COLUMN done INTEGER', 'ALTER TABLE tasks'],
  ['PRAGMA journal_mode = WAL', 'PRAGMA'],
  ['BEGIN IMMEDIATE', 'BEGIN'],
  ['SELECT 1', 'SELECT'],
  ['SELECT 1;', 'SELECT'],
  ['; SELECT 1', 'SELECT'],
  ['DELETE FROM a; DELETE FROM b', 'DELETE a DELETE b', 'DELETE', ['a', 'b']],
  ['VALUES (1), (2)', 'VALUES'],
  ['EXPLAIN QUERY PLAN SELECT * FROM tasks', 'EXPLAIN SELECT tasks', 'EXPLAIN', ['tasks']],
  ['', '', '', []],
  ['-- nothing', '', '', []],
];

describe('summarizeSql()', () => {
  test.each(STATEMENTS)('calls %s "%s"', (sql, summary, operation, tables) => {
    const words = summary.split(' ');
    const isDefinition = /^(CREATE|DROP|ALTER) /.test(summary);
    expect(summarizeSql(sql)).toEqual({
      operation: operation ?? words.slice(0, isDefinition ? 2 : 1).join(' '),
      collections: tables ?? words.slice(isDefinition ? 2 : 1),
      summary,
    });
  });

  test('ends a long summary with a whole name, at most 255 characters', () => {
    const tables = Array.from({ length: 50 }, (_, i) => `table_number_${i}`);
    const { summary, collections } = summarizeSql(`SELECT * FROM ${tables.join(', ')}`);
    expect(collections).toEqual(tables);
    expect(summary.length).toBeLessThanOrEqual(255);
    expect(['SELECT', ...tables].join(' ')).toContain(`${summary} `);
  });

  test.each([
    ['(', 100_000],
    ["'", 100_001],
    ['a.', 50_000],
    ['$a', 50_000],
    ['/*', 50_000],
    ['"', 100_001],
  ])('reads a text of many %s in linear time', (text, count) => {
    expect(summarizeSql(`SELECT ${text.repeat(count)}`).operation).toBe('SELECT');
  });
});
