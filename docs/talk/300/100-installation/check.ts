import { Hono } from 'hono';

const app = new Hono();
app.get('/', (c) => c.text('Hono is installed.'));

const response = await app.request('/');
console.log(await response.text());
