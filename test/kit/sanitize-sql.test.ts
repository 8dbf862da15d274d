import { expect, test } from 'vitest';
import {
  MYSQL,
  STANDARD_SQL,
  sanitizeSql,
} from '../../packages/hono-opentelemetry/src/sql/sql-tokens.ts';

test.each([
  ["SELECT * FROM t WHERE a = 'x' AND b = 12.5e-3", 'SELECT * FROM t WHERE a = ? AND b = ?'],
  ["VALUES ('it''s', -1, 0x1F, .5, NULL, TRUE)", 'VALUES (?, -?, ?, ?, NULL, TRUE)'],
  ["SELECT E'it\\'s' , X'00', N'x', U&'x'", 'SELECT ? , ?, ?, ?'],
  ["SELECT $a$ it's $a$, $$x$$, $1, :id, @id, ?2", 'SELECT ?, ?, $1, :id, @id, ?2'],
  ['SELECT t1.c2, "a 1", `b 2` FROM t1', 'SELECT t1.c2, "a 1", `b 2` FROM t1'],
  ["SELECT 'x'::text, a[1:2] FROM t", 'SELECT ?::text, a[?:?] FROM t'],
  ["SELECT 1 -- it's\n, /* 'x' */ 2", 'SELECT ?  \n,   ?'],
  ["SELECT 'open", 'SELECT ?'],
  ['SELECT $a$ open', 'SELECT ?'],
  ["SELECT '\\', 'x'", 'SELECT ?, ?'],
])('sanitizeSql() turns %j into %j', (sql, sanitized) => {
  expect(sanitizeSql(sql, STANDARD_SQL)).toBe(sanitized);
});

test.each([
  ['SELECT "x", \'it\\\'s\', "say \\"x\\""', 'SELECT ?, ?, ?'],
  ["SELECT 1 # it's", 'SELECT ?'],
  ["SELECT 'open\\", 'SELECT ?'],
  ['SELECT `a 1` FROM t1 WHERE b = ?', 'SELECT `a 1` FROM t1 WHERE b = ?'],
])('sanitizeSql() turns %j of MySQL into %j', (sql, sanitized) => {
  expect(sanitizeSql(sql, MYSQL)).toBe(sanitized);
});
