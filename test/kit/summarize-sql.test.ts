import { describe, expect, test } from 'vitest';
import { STANDARD_SQL } from '../../packages/hono-opentelemetry/src/sql/sql-tokens.ts';
import { summarizeSql } from '../../packages/hono-opentelemetry/src/sql/summarize-sql.ts';

const STATEMENTS: [sql: string, summary: string][] = [
  // What Drizzle writes for this app.
  ['select "id", "title" from "tasks" order by "tasks"."id" asc', 'select tasks'],
  ['insert into "tasks" ("id", "title") values (null, ?) returning "id"', 'insert tasks'],
  ['update "tasks" set "title" = ?, "completed" = ? where "tasks"."id" = ?', 'update tasks'],
  ['delete from "tasks" where "tasks"."id" = ?', 'delete tasks'],

  // The examples of the conventions.
  ['SELECT * FROM wuser_table WHERE username = ?', 'SELECT wuser_table'],
  [
    'INSERT INTO shipping_details (order_id) SELECT order_id FROM orders WHERE order_id = ?',
    'INSERT shipping_details SELECT orders',
  ],
  ['SELECT * FROM songs, artists WHERE songs.artist_id == artists.id', 'SELECT songs artists'],
  [
    'SELECT date FROM (SELECT * FROM orders o JOIN customers c ON o.id = c.id)',
    'SELECT SELECT orders customers',
  ],

  [`SELECT * FROM "song list", 'artists'`, `SELECT "song list" 'artists'`],
  ['{call some_stored_procedure}', 'call some_stored_procedure'],
  ['EXECUTE some_stored_procedure', 'EXECUTE some_stored_procedure'],

  // Names.
  ['SELECT * FROM "main"."tasks"', 'SELECT main.tasks'],
  ['SELECT * FROM main . tasks', 'SELECT main.tasks'],
  ['SELECT * FROM `my tasks`', 'SELECT `my tasks`'],
  ['SELECT * FROM [my tasks]', 'SELECT [my tasks]'],
  ['SELECT * FROM main."my tasks", [other list]', 'SELECT main."my tasks" [other list]'],
  ['SELECT * FROM "say ""hi"""', 'SELECT "say ""hi"""'],
  ['SELECT * FROM "select"', 'SELECT select'],
  ['SELECT * FROM Aufgäben', 'SELECT Aufgäben'],
  ['sElect * From TASKS', 'sElect TASKS'],

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
  ['SELECT * FROM a WHERE x IN (SELECT x FROM b)', 'SELECT a SELECT b'],
  ['SELECT (SELECT count(*) FROM b), x FROM a', 'SELECT SELECT b a'],
  ['SELECT x FROM a UNION ALL SELECT x FROM b', 'SELECT a SELECT b'],
  [
    'WITH old AS (SELECT id FROM tasks) DELETE FROM tags WHERE id IN (SELECT id FROM old)',
    'SELECT tasks DELETE tags SELECT',
  ],
  [
    'WITH RECURSIVE n(x) AS (SELECT 1), m AS (SELECT x FROM n) SELECT * FROM n, m, tasks',
    'SELECT SELECT SELECT tasks',
  ],
  ['SELECT * FROM a JOIN LATERAL (SELECT * FROM b) AS c ON true', 'SELECT a SELECT b'],

  // FROM that names no table.
  ['SELECT extract(year FROM created_at), trim(both FROM title) FROM tasks', 'SELECT tasks'],
  ['SELECT * FROM tasks WHERE a IS DISTINCT FROM b', 'SELECT tasks'],

  // Writing.
  ['INSERT OR REPLACE INTO tasks (id) VALUES (?)', 'INSERT tasks'],
  ['INSERT INTO tasks (title) SELECT title FROM tasks WHERE id = ?', 'INSERT tasks SELECT tasks'],
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
  ['CREATE TEMP TABLE t AS SELECT * FROM tasks', 'CREATE TABLE t SELECT tasks'],
  ['CREATE UNIQUE INDEX IF NOT EXISTS by_title ON tasks (title)', 'CREATE INDEX tasks'],
  ['DROP TABLE IF EXISTS tasks', 'DROP TABLE tasks'],
  ['ALTER TABLE tasks ADD COLUMN done INTEGER', 'ALTER TABLE tasks'],
  ['drop index if exists by_title', 'drop index by_title'],
  ['DROP INDEX by_title ON tasks', 'DROP INDEX by_title tasks'],
  ['DROP TABLE a, "b c" CASCADE', 'DROP TABLE a "b c"'],
  ['TRUNCATE tasks', 'TRUNCATE tasks'],
  ['TRUNCATE TABLE ONLY tasks, lists', 'TRUNCATE TABLE tasks lists'],
  ['CREATE DATABASE IF NOT EXISTS shop', 'CREATE DATABASE shop'],
  ['CREATE OR REPLACE FUNCTION f(a int) RETURNS int', 'CREATE FUNCTION f'],
  ['CREATE TRIGGER log AFTER UPDATE ON tasks BEGIN SELECT 1', 'CREATE TRIGGER tasks SELECT'],
  ["CALL main.refresh('SECRET', 'SECRET')", 'CALL main.refresh'],
  ['COPY tasks (id, title) FROM stdin', 'COPY tasks'],
  ['COPY tasks TO stdout', 'COPY tasks'],
  ["COPY (SELECT * FROM tasks) TO '/tmp/SECRET.csv'", 'COPY SELECT tasks'],
  ["LOAD DATA INFILE 'SECRET.csv' INTO TABLE tasks", 'LOAD tasks'],
  ["EXEC sp_rename 'SECRET', 'SECRET'", 'EXEC sp_rename'],
  ["EXECUTE IMMEDIATE 'SECRET'", 'EXECUTE'],
  ["COPY tasks FROM 'SECRET'", 'COPY tasks'],
  ["REVOKE SELECT ON tasks FROM 'SECRET'@'SECRET'", 'REVOKE'],
  ["SELECT * FROM a FOR SYSTEM_TIME FROM 'SECRET' TO 'SECRET'", 'SELECT a'],
  [
    "INSERT INTO a SELECT * FROM b ON DUPLICATE KEY UPDATE c = 1, d = 'SECRET'",
    'INSERT a SELECT b',
  ],
  ['PRAGMA journal_mode = WAL', 'PRAGMA'],
  ['BEGIN IMMEDIATE', 'BEGIN'],
  ['SELECT 1', 'SELECT'],
  ['SELECT 1;', 'SELECT'],
  ['; SELECT 1', 'SELECT'],
  ['DELETE FROM a; DELETE FROM b', 'DELETE a DELETE b'],
  ['VALUES (1), (2)', 'VALUES'],
  ['EXPLAIN QUERY PLAN SELECT * FROM tasks', 'EXPLAIN SELECT tasks'],
  ['', ''],
  ['-- nothing', ''],
];

describe('summarizeSql()', () => {
  test.each(STATEMENTS)('calls %s "%s"', (sql, summary) => {
    expect(summarizeSql(sql, STANDARD_SQL)).toBe(summary);
  });

  test('ends a long summary with a whole name, at most 255 characters', () => {
    const tables = Array.from({ length: 50 }, (_, i) => `table_number_${i}`);
    const summary = summarizeSql(`SELECT * FROM ${tables.join(', ')}`, STANDARD_SQL);
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
    expect(summarizeSql(`SELECT ${text.repeat(count)}`, STANDARD_SQL)).toBe('SELECT');
  });
});
