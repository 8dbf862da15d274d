import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { TaskStore } from '../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../support/memory-task-store.ts';
import { postForm } from '../support/post-form.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store });
});

async function page(): Promise<string> {
  return (await app.request('/')).text();
}

async function titles(): Promise<string[]> {
  return (await store.list()).map((task) => task.title);
}

describe('GET /', () => {
  test('is an HTML page that no cache keeps', async () => {
    const response = await app.request('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('<title>To-Do List</title>');
  });

  test('shows a friendly empty state instead of an empty list', async () => {
    const html = await page();
    expect(html).toContain('Nothing to do.');
    expect(html).not.toContain('<ul');
  });

  test('shows each task with a delete button that names it, and counts them', async () => {
    await store.add({ title: 'milk' });
    expect(await page()).toContain('<p>1 task</p>');
    const { id } = await store.add({ title: 'bread' });
    const html = await page();
    expect(html).toContain('<p>2 tasks</p>');
    expect(html).toContain('<span dir="auto">bread</span>');
    expect(html).toContain(
      `<form method="post" action="/delete/${id}"><button aria-label="Delete bread">`,
    );
  });

  test('answers HEAD like GET, without a body', async () => {
    const response = await app.request('/', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('POST /add', () => {
  test('adds the task and redirects to the page with 303', async () => {
    const response = await postForm(app, '/add', { task: '  milk ' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(await titles()).toEqual(['milk']);
  });

  test('reads a multipart form, too', async () => {
    const body = new FormData();
    body.set('task', 'Brötchen 🥖');
    expect((await app.request('/add', { method: 'POST', body })).status).toBe(303);
    expect(await titles()).toEqual(['Brötchen 🥖']);
  });

  test.each([
    ['blank', [['task', '   ']]],
    ['missing', [['title', 'milk']]],
    ['too long', [['task', 'x'.repeat(501)]]],
    ['with a NUL', [['task', 'a\0b']]],
    [
      'given twice',
      [
        ['task', 'a'],
        ['task', 'b'],
      ],
    ],
    ['named like a prototype', [['__proto__', 'milk']]],
  ] satisfies [string, [string, string][]][])('answers 422 to a title %s', async (_, fields) => {
    const response = await postForm(app, '/add', fields);
    expect(response.status).toBe(422);
    expect(await response.text()).toMatch(/<p id="refusal" class="refusal" role="alert">[^<]+</);
    expect(await titles()).toEqual([]);
  });

  test('keeps the refused input in the form, as text only, and the list below it', async () => {
    await store.add({ title: 'milk' });
    const response = await postForm(app, '/add', { task: `"><script>${'x'.repeat(500)}` });
    const html = await response.text();
    expect(html).toContain(`value="&quot;&gt;&lt;script&gt;${'x'.repeat(500)}"`);
    expect(html).toContain('aria-invalid="true" aria-describedby="refusal"');
    expect(html).toContain('<span dir="auto">milk</span>');
  });

  test('answers 422 to a file in place of text', async () => {
    const body = new FormData();
    body.set('task', new File(['milk'], 'milk.txt'));
    expect((await app.request('/add', { method: 'POST', body })).status).toBe(422);
  });

  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencodedx'])(
    'answers 415 to %s',
    async (type) => {
      const response = await postForm(app, '/add', { task: 'milk' }, { 'Content-Type': type });
      expect(response.status).toBe(415);
      expect(await titles()).toEqual([]);
    },
  );

  test('answers 415 to a request without a body', async () => {
    expect((await app.request('/add', { method: 'POST' })).status).toBe(415);
  });

  test.each([
    ['without a boundary', 'multipart/form-data', 'task=milk'],
    ['without a part', 'multipart/form-data; boundary=x', 'milk'],
  ])('answers 400 to a multipart form %s', async (_, type, body) => {
    const headers = { 'Content-Type': type };
    const response = await app.request('/add', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await titles()).toEqual([]);
  });

  const part = '--x\r\nContent-Disposition: form-data; name="task"\r\n\r\n';

  // The parsers of the runtimes differ: Deno's gives the whole parts of a form that breaks off.
  test.each([
    ['that breaks off in a header', '--x\r\nContent-Disposition: form-'],
    ['that breaks off in a field', `${part}mil`],
    ['with a NUL in a field', `${part}a\0b\r\n--x--\r\n`],
  ])('answers 400 or 422 to a multipart form %s, and adds nothing', async (_, body) => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const response = await app.request('/add', { method: 'POST', headers, body });
    expect([400, 422]).toContain(response.status);
    expect(await titles()).toEqual([]);
  });
});

describe('POST /delete/:id', () => {
  test('deletes the task and redirects to the page with 303', async () => {
    const { id } = await store.add({ title: 'milk' });
    const response = await postForm(app, `/delete/${id}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(await titles()).toEqual([]);
  });

  test('redirects, too, when another tab has deleted the task already', async () => {
    expect((await postForm(app, '/delete/7')).status).toBe(303);
  });

  test.each(['NaN', '-1', '0', '1.5', '1e3', '99999999999999999999', '%zz', '1%20or%201=1'])(
    'answers 404 to the id %s, which cannot exist',
    async (id) => {
      const { id: kept } = await store.add({ title: 'milk' });
      expect((await postForm(app, `/delete/${id}`)).status).toBe(404);
      expect((await store.list()).map((task) => task.id)).toEqual([kept]);
    },
  );

  test('is no GET: 405, and the task stays', async () => {
    const { id } = await store.add({ title: 'milk' });
    const response = await app.request(`/delete/${id}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await titles()).toEqual(['milk']);
  });
});
