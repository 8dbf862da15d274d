import { type Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { traceHttp, traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { type StockServer, startStockServer } from '../support/stock-server.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

const ROWS = 5;

useContext();
let telemetry: RecordedTelemetry;
let server: StockServer;

beforeEach(async () => {
  telemetry = recordTelemetry();
  const query = async (_sql: string, _params: readonly unknown[]) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return [['milk']];
  };
  const database = traceSql({ system: 'sqlite', query }, telemetry);

  async function* rows() {
    for (let i = 0; i < ROWS; i++) {
      await database.query('SELECT title FROM tasks', []);
      yield new TextEncoder().encode('milk\n');
    }
  }
  function pulled(): ReadableStream<Uint8Array> {
    const source = rows();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
  }
  // TypeScript's types lack it.
  const { from } = ReadableStream as unknown as {
    from(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>>;
  };
  const chunked = { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' };

  const app = new Hono().use(traceHttp(telemetry));
  app.get('/pull', () => new Response(pulled(), { headers: chunked }));
  app.get('/generator', (c: Context) =>
    c.body(from.call(ReadableStream, rows()), 200, { 'content-type': 'application/x-ndjson' }),
  );
  app.get('/events', (c) => c.body(pulled(), 200, { 'content-type': 'text/event-stream' }));
  app.get('/helper', (c) => stream(c, (writer) => writer.pipe(pulled())));
  server = await startStockServer(app);
});
afterEach(() => server.close());

describe('SQL in the body of a response', () => {
  test.each(['/pull', '/generator', '/events', '/helper'])(
    'belongs to the request: %s',
    async (path) => {
      const response = await fetch(server.url + path);
      expect(await response.text()).toBe('milk\n'.repeat(ROWS));
      await waitUntil(
        () => telemetry.spans().some(({ name }) => name === `GET ${path}`),
        5_000,
        () => 'The span of the request did not end.',
      );
      const request = telemetry.spans().find(({ name }) => name === `GET ${path}`);
      const statements = telemetry.spans().filter(({ name }) => name === 'SELECT tasks');
      const parents = statements.map(({ parentSpanContext }) => parentSpanContext?.spanId);
      expect(parents).toEqual(Array(ROWS).fill(request?.spanContext().spanId));
    },
  );
});
