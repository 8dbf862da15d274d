import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCRIPT, SCRIPT_URL, STYLE, STYLE_URL } from '../../src/http/layout/index.ts';
import { sendRaw } from '../support/raw-connection.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';

let worker: StartedWorker;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

function add(task: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ task });
  return fetch(`${worker.url}/add`, { method: 'POST', redirect: 'manual', body, headers });
}

function addJson(body: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(`${worker.url}/api/tasks`, { method: 'POST', headers, body });
}

async function titles(): Promise<string[]> {
  const tasks: { title: string }[] = await (await fetch(`${worker.url}/api/tasks`)).json();
  return tasks.map(({ title }) => title);
}

test('changes of other sites get 403', async () => {
  const before = await titles();
  expect((await add('x', { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await add('x', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect(await titles()).toEqual(before);
});

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '\u202ertl \u200bzero-width 🧑‍🚀',
  "Robert'); DROP TABLE tasks;--",
])('the title %j is text', async (title) => {
  expect((await addJson(JSON.stringify({ title }))).status).toBe(201);
  expect(await titles()).toContain(title);
  const page = await (await fetch(worker.url)).text();
  expect(page).not.toMatch(/<script>alert|<img src=x/);
});

test('NUL in a title gets 422', async () => {
  expect((await addJson('{"title":"a\\u0000b"}')).status).toBe(422);
});

test('pages have the headers of the policy, and no version', async () => {
  const { headers } = await fetch(worker.url);
  expect(headers.get('content-security-policy')).toMatch(/object-src 'none'/);
  expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.has('server')).toBe(false);
  expect(headers.has('x-powered-by')).toBe(false);
});

test('style and scripts come from the bundle, compressed once', async () => {
  const page = await (await fetch(worker.url)).text();
  for (const [url, text] of [
    [STYLE_URL, STYLE],
    [SCRIPT_URL, SCRIPT],
  ] as const) {
    expect(page).toContain(url);
    const response = await fetch(worker.url + url);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(text);
  }
});

test('a body of 1 MB gets 413, with a length and in chunks', async () => {
  const declared = { ...FORM, 'Content-Length': '1000000' };
  expect(await sendRaw(worker.url, 'POST /add', declared)).toMatch(/^HTTP\/1\.1 413 /);
  const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
  const chunked = { ...FORM, 'Transfer-Encoding': 'chunked' };
  expect(await sendRaw(worker.url, 'POST /add', chunked, ...Array(17).fill(chunk))).toMatch(
    /^HTTP\/1\.1 413 /,
  );
});

test('20 kB of headers get 431', async () => {
  expect(await sendRaw(worker.url, 'GET /', { Cookie: 'x'.repeat(20_000) })).toMatch(
    /^HTTP\/1\.1 431 /,
  );
});

test.each([
  ['{', 400],
  ['[]', 422],
  ['{"title":1}', 422],
  ['{"__proto__":{"title":"x"}}', 422],
])('the body %s gets %i and no stack', async (body, status) => {
  const response = await addJson(body);
  expect(response.status).toBe(status);
  expect(await response.text()).not.toMatch(/\.js:|\.ts:| at /);
});

test.each(['-1', '1e9', '99999999999999999999', 'NaN', "1'%20OR%20'1'='1"])(
  'the id %s gets 404',
  async (id) => {
    expect((await fetch(`${worker.url}/api/tasks/${id}`)).status).toBe(404);
  },
);

test('TRACE gets 405, and paths outside of the app 404', async () => {
  expect(await sendRaw(worker.url, 'TRACE /')).toMatch(/^HTTP\/1\.1 (?:405|501) /);
  for (const path of ['/../../etc/passwd', '/.env', '/worker.js', '/debug', '/metrics']) {
    expect((await fetch(worker.url + path)).status).toBe(404);
  }
});

test('a forged X-Forwarded-For does not change the client', async () => {
  await fetch(`${worker.url}/api/tasks?limit=1`, { headers: { 'X-Forwarded-For': '203.0.113.9' } });
  await worker.sink.waitFor(({ spans }) =>
    spans.some(({ attributes }) => attributes['url.query'] === 'limit=1'),
  );
  const span = worker.sink.spans.find(({ attributes }) => attributes['url.query'] === 'limit=1');
  expect(span?.attributes['client.address']).toBe('127.0.0.1');
});

test('changes above the rate of the binding get 429 with Retry-After', async () => {
  await using limited = await startWorker({ rateLimit: { limit: 3, period: 10 } });
  const statuses: number[] = [];
  let last: Response | undefined;
  for (let n = 0; n < 5; n++) {
    const body = new URLSearchParams({ task: 'milk' });
    last = await fetch(`${limited.url}/add`, { method: 'POST', redirect: 'manual', body });
    statuses.push(last.status);
  }
  expect(statuses).toEqual([303, 303, 303, 429, 429]);
  expect(last?.headers.get('retry-after')).toBe('10');
  expect((await fetch(limited.url)).status).toBe(200);
  expect(limited.output()).not.toContain('Changes are not limited');
});

test('a Worker without the binding reports that changes are not limited', () => {
  expect(worker.output()).toContain('Changes are not limited: bind a rate limiter as RATE_LIMITER');
});

test('a Worker with a wrong ALLOWED_HOSTS refuses all requests, and reports it', async () => {
  await using wrong = await startWorker({ env: { ALLOWED_HOSTS: 'a b' } });
  expect((await fetch(wrong.url)).status).toBe(500);
  expect(wrong.output()).toContain('ALLOWED_HOSTS: "a b" is not a host');
});
