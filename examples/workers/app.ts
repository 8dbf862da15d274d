// A traced Worker: HTTP, D1, fetch and a job. `npx wrangler dev` starts it, telemetry goes to localhost:4318.
import { Hono } from 'hono';
import { traceHttp, traceJob } from 'hono-opentelemetry';
import { traceFetch } from 'hono-opentelemetry/fetch';
import { type D1Driver, traceD1 } from 'hono-opentelemetry/sql';
import { instrument } from 'opentelemetry-instrument/workers';

interface Item {
  readonly name: string;
}

/** The part of a D1 database that is used here; `wrangler types` writes the complete type. */
interface Database extends D1Driver {
  prepare(sql: string): { all(): Promise<{ results: Item[] }> };
}

interface Env {
  readonly DB: Database;
  readonly STOCK_URL: string;
}

const fetch = traceFetch(undefined, { template: () => '/stock/:item' });
const app = new Hono<{ Bindings: Env }>();
app.use(traceHttp());

app.get('/items', async (c) => {
  const { results } = await traceD1(c.env.DB).prepare('SELECT name FROM items').all();
  return c.json(results);
});

app.get('/items/:item', async (c) => {
  const response = await fetch(`${c.env.STOCK_URL}/stock/${c.req.param('item')}`);
  return c.json({ inStock: response.ok, detail: await response.text() });
});

const worker = {
  fetch: app.fetch,
  /** Runs as a cron trigger. */
  scheduled: (_event: unknown, { DB }: Env) =>
    traceJob('count-items', async () => {
      await traceD1(DB).prepare('SELECT name FROM items').all();
    }),
};

export default instrument(worker, { resource: { 'service.name': 'shop' } });
