import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store });
});

async function page(): Promise<string> {
  return (await app.request('/')).text();
}

function titlesIn(html: string): string[] {
  return [...html.matchAll(/<span dir="auto">([^<]*)</g)].map((match) => match[1] ?? '');
}

function linkTo(html: string, text: string): string {
  return new RegExp(`<a href="([^"]+)">${text}<`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
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

  test.each(['/', '/?show=active', '/nothing'])('%s has one description', async (path) => {
    const html = await (await app.request(path)).text();
    expect(html.match(/<meta name="description" content="[^"]{30,160}">/g)).toHaveLength(1);
  });

  test('shows a friendly empty state instead of an empty list', async () => {
    const html = await page();
    expect(html).toContain('Nothing to do.');
    expect(html).not.toContain('<ul');
  });

  test('shows each task with labeled controls, and counts open tasks', async () => {
    await store.add({ title: 'milk', completed: true });
    expect(await page()).toContain('<p id="left">0 tasks left</p>');
    const { id } = await store.add({ title: 'bread' });
    const html = await page();
    expect(html).toContain('<p id="left">1 task left</p>');
    expect(html).toContain(`<li id="task-${id}" data-version="1">
<button formaction="/complete/${id}" role="checkbox" aria-checked="false" aria-label="bread"></button>
<span dir="auto">bread</span>
<a href="/edit/${id}" aria-label="Edit bread"></a>
<button formaction="/delete/${id}" aria-label="Delete bread"></button>
</li>`);
    expect(html).toMatch(/formaction="\/reopen\/1" role="checkbox" aria-checked="true"/);
    await store.add({ title: 'eggs' });
    expect(await page()).toContain('<p id="left">2 tasks left</p>');
  });

  test.each([
    ['/', ['active one', 'done one'], 'All', 'To-Do List'],
    ['/?show=active', ['active one'], 'Active', 'Active · To-Do List'],
    ['/?show=completed', ['done one'], 'Completed', 'Completed · To-Do List'],
    ['/?show=<script>', ['active one', 'done one'], 'All', 'To-Do List'],
  ])('the list at %s shows %j', async (path, shown, current, title) => {
    await store.add({ title: 'active one' });
    await store.add({ title: 'done one', completed: true });
    const html = await (await app.request(path)).text();
    expect(titlesIn(html)).toEqual(shown);
    expect(/<a [^>]*aria-current="page">(\w+)/.exec(html)?.[1]).toBe(current);
    expect(html).toContain(`<title>${title}</title>`);
    for (const count of ['All <span>2<', 'Active <span>1<', 'Completed <span>1<']) {
      expect(html).toContain(count);
    }
  });

  test('offers to clear completed tasks only when there are some', async () => {
    await store.add({ title: 'milk' });
    const html = await page();
    expect(html).not.toContain('/delete-completed');
    expect(html).toContain('Complete all');
    await store.completeAll(true);
    const completed = await page();
    expect(completed).toContain('<button id="clear" formaction="/delete-completed">');
    expect(completed).toContain('Reopen all');
  });

  test('shows 200 tasks a page, and leads on and back', async () => {
    for (let n = 1; n <= 401; n += 1) await store.add({ title: `task ${n}`, order: -n });
    const first = await page();
    expect(titlesIn(first)).toHaveLength(200);
    expect(first).toContain('<p id="left">401 tasks left</p>');
    expect(first).not.toMatch(/First page|Previous page/);
    const next = linkTo(first, 'Next page →');
    expect(next).toBe('/?after=-202.202');
    const second = await (await app.request(next)).text();
    expect(titlesIn(second)[0]).toBe('task 201');
    expect(linkTo(second, 'First page')).toBe('/');
    const last = await (await app.request(linkTo(second, 'Next page →'))).text();
    expect(titlesIn(last)).toEqual(['task 1']);
    expect(last).not.toContain('Next page →');
    expect(last).toContain('<p id="left">401 tasks left</p>');

    const previous = linkTo(last, '← Previous page');
    expect(previous).toBe('/?before=-1.1');
    const secondAgain = await (await app.request(previous)).text();
    expect(titlesIn(secondAgain)).toEqual(titlesIn(second));
    expect(linkTo(secondAgain, 'Next page →')).toBe('/?after=-2.2');
    const firstAgain = await (await app.request(linkTo(secondAgain, '← Previous page'))).text();
    expect(titlesIn(firstAgain)).toEqual(titlesIn(first));
    expect(firstAgain).not.toContain('Previous page');
    expect(firstAgain).toContain('<p id="left">401 tasks left</p>');
  });

  test('a page whose tasks were deleted leads back to the tasks before it', async () => {
    await store.add({ title: 'milk', order: 1 });
    const html = await (await app.request('/?after=5.7')).text();
    const previous = await (await app.request(linkTo(html, '← Previous page'))).text();
    expect(titlesIn(previous)).toEqual(['milk']);
  });

  test('links to an added task that is out of sight, on the same page or another', async () => {
    for (let n = 1; n <= 6; n += 1) await store.add({ title: `task ${n}` });
    const shownAfter = async (query = '') => {
      const { headers } = await postForm(app, `/add${query}`, { task: 'milk' });
      return (await app.request(headers.get('location') ?? '')).text();
    };
    const link = 'Show it';
    expect(linkTo(await shownAfter(), link)).toBe('#task-7');
    for (let n = 8; n <= 200; n += 1) await store.add({ title: `task ${n}` });
    const first = await shownAfter();
    expect(titlesIn(first)).toHaveLength(200);
    expect(linkTo(first, link)).toMatch(/^\/\?before=\d+\.202#task-201$/);
    const target = await (await app.request(linkTo(first, link).split('#')[0] ?? '')).text();
    expect(titlesIn(target)).toHaveLength(200);
    expect(titlesIn(target).at(-1)).toBe('milk');
    expect(target).toContain('← Previous page');
    expect(target).not.toContain('Next page →');
    expect(linkTo(await shownAfter('?show=active'), link)).toMatch(/^\/\?show=active&before=/);
  });

  test('does not link to an added task that is in sight', async () => {
    const { headers } = await postForm(app, '/add', { task: 'milk' });
    const html = await (await app.request(headers.get('location') ?? '')).text();
    expect(titlesIn(html)).toEqual(['milk']);
    expect(html).not.toContain('id="added"');
  });

  test.each(['added=x', 'removed=x', 'removed=1-', 'removed=1-2-3', 'removed=-1', 'removed=0'])(
    'ignores the query %s, which no page has',
    async (query) => {
      const html = await (await app.request(`/?${query}`)).text();
      expect(html).not.toContain('class="change"');
    },
  );

  test('names the list of a task that was added while completed ones are shown', async () => {
    const response = await postForm(app, '/add?show=completed', { task: 'milk' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Your task was added to the active tasks.');
  });

  test('counts a completely shown list without a query', async () => {
    await store.add({ title: 'milk' });
    store.count = () => Promise.reject(new Error('asked'));
    expect((await app.request('/')).status).toBe(200);
    expect((await app.request('/?show=active')).status).toBe(500);
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
    expect(response.headers.get('location')).toMatch(/^\/\?added=\d+\.1$/);
    expect(await titles()).toEqual(['milk']);
  });

  test('reads a multipart form as well', async () => {
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

  test('a file instead of a string gets 422', async () => {
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
    expect(response.headers.get('location')).toBe(`/?removed=${id}`);
    expect(await titles()).toEqual([]);
  });

  test('redirects even if another tab has deleted the task', async () => {
    const response = await postForm(app, '/delete/7');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  });

  test.each(['NaN', '-1', '0', '1.5', '1e3', '99999999999999999999', '%zz', '1%20or%201=1'])(
    'answers 404 to the id %s, which cannot exist',
    async (id) => {
      const { id: kept } = await store.add({ title: 'milk' });
      expect((await postForm(app, `/delete/${id}`)).status).toBe(404);
      expect((await store.list()).map((task) => task.id)).toEqual([kept]);
    },
  );

  test('a GET request gets 405, and the task stays', async () => {
    const { id } = await store.add({ title: 'milk' });
    const response = await app.request(`/delete/${id}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await titles()).toEqual(['milk']);
  });
});

describe('POST /restore/:removed', () => {
  /** Deletes, follows the redirect and presses Undo. */
  async function undo(path: string): Promise<Response> {
    const { headers } = await postForm(app, path);
    const html = await (await app.request(headers.get('location') ?? '')).text();
    const action = /<form method="post" action="([^"]+)" id="undo"/.exec(html)?.[1] ?? '';
    return postForm(app, action.replaceAll('&amp;', '&'));
  }

  test('undoes a deletion, and sends back to the task in the same part of the list', async () => {
    const task = await store.add({ title: 'milk', order: 5 });
    await store.add({ title: 'bread', order: 6 });
    const response = await undo(`/delete/${task.id}?show=active`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/?show=active#task-${task.id}`);
    expect(await store.get(task.id)).toEqual({ ...task, version: 2 });
    expect(await titles()).toEqual(['milk', 'bread']);
  });

  test('undoes the deletion of all completed tasks', async () => {
    for (const title of ['milk', 'bread']) await store.add({ title, completed: true });
    expect((await undo('/delete-completed')).headers.get('location')).toBe('/');
    expect(await titles()).toEqual(['milk', 'bread']);
    expect(await store.count()).toEqual({ active: 0, completed: 2 });
  });

  test('succeeds a second time, and explains why a task cannot be restored', async () => {
    const { id } = await store.add({ title: 'milk' });
    await undo(`/delete/${id}`);
    expect((await postForm(app, `/restore/${id}`)).status).toBe(303);
    for (const path of ['/restore/7', '/restore/1-2']) {
      const response = await postForm(app, path);
      expect(response.status).toBe(409);
      expect(await response.text()).toContain('Nothing was restored');
    }
  });

  test.each(['NaN', '-1', '1-', '1-2-3', '%zz'])('answers 404 to %s', async (removed) => {
    expect((await postForm(app, `/restore/${removed}`)).status).toBe(404);
  });
});

describe('POST /complete/:id and /reopen/:id', () => {
  test('change the task, redirect back to it, and change nothing when repeated', async () => {
    const { id } = await store.add({ title: 'milk' });
    for (const [path, completed, version] of [
      ['complete', true, 2],
      ['complete', true, 2],
      ['reopen', false, 3],
    ] as const) {
      const response = await postForm(app, `/${path}/${id}`);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`/#task-${id}`);
      expect(await store.get(id)).toMatchObject({ completed, version });
    }
  });

  test('show above the list that a task no longer exists', async () => {
    await store.add({ title: 'bread' });
    const response = await postForm(app, '/complete/7');
    expect(response.status).toBe(404);
    const html = await response.text();
    expect(html).toContain('This task no longer exists: someone deleted it.');
    expect(titlesIn(html)).toEqual(['bread']);
  });

  test.each(['NaN', '0', '1.5', '%zz'])('answer 404 to the id %s', async (id) => {
    expect((await postForm(app, `/complete/${id}`)).status).toBe(404);
  });
});

describe('POST for many tasks at once', () => {
  test.each([
    [
      '/complete-all',
      [
        ['a', true],
        ['b', true],
      ],
    ],
    [
      '/reopen-all',
      [
        ['a', false],
        ['b', false],
      ],
    ],
    ['/delete-completed', [['a', false]]],
  ])('%s leaves %j', async (path, expected) => {
    await store.add({ title: 'a' });
    await store.add({ title: 'b', completed: true });
    const response = await postForm(app, path);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(/^\/(\?removed=\d+-\d+)?$/);
    expect((await store.list()).map(({ title, completed }) => [title, completed])).toEqual(
      expected,
    );
  });
});

describe('the way back', () => {
  test.each([
    ['?show=active', '/?show=active'],
    ['?show=completed&after=-3.7', '/?show=completed&after=-3.7'],
    ['?after=5.1', '/?after=5.1'],
    ['?show=//evil.example&after=//evil.example', '/'],
    ['?after=1.2/../../evil&return=https://evil.example', '/'],
  ])('the way back from a page with %s is %s', async (query, location) => {
    const { id } = await store.add({ title: 'milk' });
    const paths = ['/complete-all', '/delete-completed', `/restore/${id}`, `/delete/${id}`];
    // The added task is not completed, so this list does not contain it: the page explains that.
    if (!query.includes('completed')) paths.push('/add');
    for (const path of paths) {
      const response = await postForm(app, `${path}${query}`, { task: 'bread' });
      const way = response.headers
        .get('location')
        ?.replace(/[?&](added|removed)=[\d.-]+$|#task-\d+$/, '');
      expect([path, way]).toEqual([path, location]);
    }
  });

  test('is part of every form and link of a page', async () => {
    const { id } = await store.add({ title: 'milk', completed: true });
    const html = await (await app.request('/?show=completed&after=-1.5')).text();
    const query = '\\?show=completed&amp;after=-1.5"';
    for (const path of ['/add', `/reopen/${id}`, `/edit/${id}`, `/delete/${id}`, '/reopen-all']) {
      expect(html).toMatch(new RegExp(`="${path}${query}`));
    }
  });
});
