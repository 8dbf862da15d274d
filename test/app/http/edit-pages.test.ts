import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(async () => {
  store = createMemoryTaskStore();
  app = createApp({ store });
  await store.add({ title: 'milk & "honey"' });
});

async function title(): Promise<string | undefined> {
  return (await store.get(1))?.title;
}

describe('GET /edit/:id', () => {
  test('is a form with the title, its version and a link back', async () => {
    const html = await (await app.request('/edit/1?show=active')).text();
    expect(html).toContain('<form method="post" action="/edit/1?show=active"');
    expect(html).toContain('value="milk &amp; &quot;honey&quot;"');
    expect(html).toContain('<input type="hidden" name="version" value="1">');
    expect(html).toContain(
      '<input type="hidden" name="seen" value="milk &amp; &quot;honey&quot;">',
    );
    expect(html).toContain('<a href="/?show=active#task-1">');
  });

  test('shows above the list that the task no longer exists', async () => {
    const response = await app.request('/edit/7');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('This task no longer exists');
  });

  test.each(['0', 'NaN', '1.5'])('answers 404 to the id %s', async (id) => {
    expect((await app.request(`/edit/${id}`)).status).toBe(404);
    expect((await postForm(app, `/edit/${id}`, { task: 'bread' })).status).toBe(404);
  });
});

describe('POST /edit/:id', () => {
  test('changes the title and redirects to the task', async () => {
    const response = await postForm(app, '/edit/1?show=active', { task: ' bread ', version: '1' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/?show=active#task-1');
    expect(await title()).toBe('bread');
  });

  test('deletes the task when it is sent empty', async () => {
    expect((await postForm(app, '/edit/1', { task: '  ', version: '1' })).status).toBe(303);
    expect(await store.list()).toEqual([]);
    expect((await postForm(app, '/edit/1', { task: '', version: '1' })).status).toBe(303);
  });

  test('quotes the replaced text, even if it was written much later', async () => {
    let reads = 0;
    app = createApp({
      store: {
        ...store,
        async get(id) {
          const task = await store.get(id);
          reads += 1;
          if (reads === 1) await store.update(id, { title: 'soy milk' });
          return task;
        },
      },
    });
    await store.update(1, { title: 'oat milk' });
    const response = await postForm(app, '/edit/1', { task: 'bread', version: '1' });
    expect(await response.text()).toContain('soy milk');
    expect(await title()).toBe('bread');
  });

  test("replaces another user's text and quotes it", async () => {
    await store.update(1, { title: 'oat <milk>' });
    const response = await postForm(app, '/edit/1', { task: 'bread', version: '1' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(
      'Someone else changed this task to “\u2068oat &lt;milk&gt;\u2069”; your text replaced it.',
    );
    expect(await title()).toBe('bread');
  });

  test.each(['bread', ''])('shows no message if the task was only completed: %j', async (task) => {
    await store.update(1, { completed: true });
    const fields = { task, version: '1', seen: 'milk & "honey"' };
    expect((await postForm(app, '/edit/1', fields)).status).toBe(303);
    expect(await title()).toBe(task || undefined);
  });

  test('shows no message if another user wrote the same text', async () => {
    await store.update(1, { title: 'bread' });
    expect((await postForm(app, '/edit/1', { task: 'bread', version: '1' })).status).toBe(303);
  });

  test('keeps the text of a deleted task in the form for a new one', async () => {
    await store.remove(1);
    const response = await postForm(app, '/edit/1', { task: '<b>bread', version: '1' });
    expect(response.status).toBe(404);
    const html = await response.text();
    expect(html).toContain('action="/add"');
    expect(html).toContain('value="&lt;b&gt;bread"');
    expect(html).toContain(
      'The task that you edited no longer exists. Add your text as a new task?',
    );
  });

  test('does not delete a task that another user has changed meanwhile', async () => {
    await store.update(1, { title: 'oat milk' });
    const response = await postForm(app, '/edit/1', { task: '', version: '1' });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('someone changed it to “\u2068oat milk\u2069”');
    expect(await title()).toBe('oat milk');
  });

  test('keeps a text that is too long in its form', async () => {
    const response = await postForm(app, '/edit/1', { task: 'x'.repeat(501), version: '1' });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain(`value="${'x'.repeat(501)}" aria-invalid="true"`);
    expect(html).toMatch(
      /<p id="refusal" class="refusal" role="alert" dir="auto">The title has 501/,
    );
    expect(await title()).toBe('milk & "honey"');
  });

  test('a title that replaced another one shows it, also after a refused title', async () => {
    await store.update(1, { title: 'oat milk' });
    const fields = { task: 'x'.repeat(501), version: '1', seen: 'milk & "honey"' };
    const html = await (await postForm(app, '/edit/1', fields)).text();
    expect(html).toContain('name="version" value="1"');
    expect(html).toContain('name="seen" value="milk &amp; &quot;honey&quot;"');
  });

  test('deletes nothing if the text is missing, duplicate or a file', async () => {
    const file = new FormData();
    file.set('task', new File([''], 'milk.txt'));
    const bodies = [
      new URLSearchParams({ version: '1' }),
      new URLSearchParams('task=&task='),
      file,
    ];
    for (const body of bodies) {
      const response = await app.request('/edit/1', { method: 'POST', body });
      expect(response.status).toBe(422);
    }
    expect(await title()).toBe('milk & "honey"');
  });

  test('a body that is not a form gets 415, and other methods get 405', async () => {
    expect((await app.request('/edit/1', { method: 'POST', body: '{}' })).status).toBe(415);
    const response = await app.request('/edit/1', { method: 'PUT' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});
