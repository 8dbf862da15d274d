// Two services and one trace: the shop asks the stock for a number.
import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { traceFetch } from 'hono-opentelemetry/fetch';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'shop' } });

const stock = new Hono().use(traceHttp());
stock.get('/stock/:item', (c) => c.json({ count: c.req.param('item').length }));

const fetch = traceFetch(undefined, { template: () => '/stock/:item' });
const shop = new Hono().use(traceHttp());
shop.get('/items/:item', async (c) => {
  const response = await fetch(`${stockUrl}/stock/${c.req.param('item')}`);
  return c.json(await response.json());
});

let stockUrl = '';
serve({ fetch: stock.fetch, port: 0 }, (info) => {
  stockUrl = `http://localhost:${info.port}`;
});
serve({ fetch: shop.fetch, port: Number(process.env.PORT ?? 3000) }, (info) => {
  process.stdout.write(`Listening on http://localhost:${info.port}\n`);
});
