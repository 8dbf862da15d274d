import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { traceHttp, traceSql } from '../../../packages/hono-opentelemetry/src/index.ts';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

test('a handler that throws in a transaction is an ERROR above the statements that went well', async () => {
  const telemetry = recordTelemetry();
  const client = traceSql(await openSqlite(':memory:'), telemetry);
  await client.query('CREATE TABLE tasks (title TEXT)', []);
  const app = new Hono().use(traceHttp(telemetry));
  app.post('/add', async (c) => {
    await client.transaction(async ({ query }) => {
      await query('INSERT INTO tasks VALUES (?)', ['milk']);
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new RangeError('too much milk');
    });
    return c.text('added');
  });
  app.onError((_error, c) => c.text('sorry', 500));

  expect((await app.request('/add', { method: 'POST' })).status).toBe(500);
  expect(await client.query('SELECT * FROM tasks', [])).toEqual([]);
  const [statement, request, ...more] = telemetry.spans();
  expect(more).toEqual([]);
  expect(statement).toMatchObject({
    kind: SpanKind.CLIENT,
    name: 'INSERT tasks',
    status: { code: SpanStatusCode.UNSET },
    parentSpanContext: request?.spanContext(),
  });
  expect(request).toMatchObject({
    kind: SpanKind.SERVER,
    name: 'POST /add',
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'RangeError', 'http.response.status_code': 500 },
  });
  await client.close();
});
