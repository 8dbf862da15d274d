import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

// Tasks 1 to 4, of which 2 is completed.
beforeEach(async () => {
  store = createMemoryTaskStore();
  app = createApp({ store });
  for (const title of 'abcd') await store.add({ title, completed: title === 'b' });
});

async function titles(): Promise<string> {
  return (await store.list()).map(({ title }) => title).join('');
}

describe('POST /move/:id', () => {
  test.each([
    ['/move/3', { to: 'up' }, 'acbd'],
    ['/move/3?show=active', { to: 'up' }, 'cabd'],
    ['/move/1?show=active', { to: 'down' }, 'bcad'],
    ['/move/1', { to: 'up' }, 'abcd'],
    ['/move/4', { to: 'down' }, 'abcd'],
    ['/move/4', { before: '1' }, 'dabc'],
    ['/move/4', { before: '3' }, 'abdc'],
    ['/move/3', { before: '4' }, 'abcd'],
    ['/move/3', { before: '3' }, 'abcd'],
    ['/move/1', { after: '3' }, 'bcad'],
    ['/move/1', { after: '1' }, 'abcd'],
  ])(
    'a post to %s with %j leads to the order %s, and back to the task',
    async (path, fields, order) => {
      const response = await postForm(app, path, fields);
      expect(response.status).toBe(303);
      const [, id, query = ''] = /(\d+)(.*)/.exec(path) ?? [];
      expect(response.headers.get('location')).toBe(`/${query}#task-${id}`);
      expect(await titles()).toBe(order);
    },
  );

  test.each([{}, { to: 'left' }, { after: '7' }, { before: '7' }, { before: 'x' }])(
    'a post with %j gets 409 and the list, and moves nothing',
    async (fields) => {
      const response = await postForm(app, '/move/1', fields as Record<string, string>);
      expect(response.status).toBe(409);
      expect(await response.text()).toContain('The task was not moved');
      expect(await titles()).toBe('abcd');
    },
  );

  test('reports that the task is gone', async () => {
    const response = await postForm(app, '/move/7', { to: 'up' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('This task no longer exists');
  });

  test('responds with 404 to an id that cannot exist, and 415 without a form', async () => {
    expect((await postForm(app, '/move/0', { to: 'up' })).status).toBe(404);
    expect((await app.request('/move/1', { method: 'POST' })).status).toBe(415);
  });

  test('the page that edits a task has buttons that move it in the same view', async () => {
    const html = await (await app.request('/edit/1?show=active')).text();
    expect(html).toContain('action="/move/1?show=active"');
    expect(html).toContain('<button name="to" value="up">Move up</button>');
    expect(html).toContain('<button name="to" value="down">Move down</button>');
  });
});
