import { type Context, Hono } from 'hono';
import { parsePositiveInteger } from '../../tasks/parse-positive-integer.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import { answerError } from '../errors/respond-with-error.ts';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';
import { readListView } from './list-view.ts';
import { readForm } from './read-form.ts';
import { readTitle } from './read-title.ts';
import { answerTaskList, backToList, TASK_GONE } from './respond-with-list.ts';

/**
 * The list as a page and its form posts, which answer 303 to the part of the list that they came
 * from. Every post can be sent twice without harm, but for the one that adds.
 */
export function taskPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/', (c) => answerTaskList(c, store));
  pages.all('/', answerMethodNotAllowed('GET, HEAD'));

  function post(path: string, handler: (c: Context) => Promise<Response>): void {
    pages.post(path, handler);
    pages.all(path, answerMethodNotAllowed('POST'));
  }

  post('/add', async (c) => {
    const form = await readForm(c.req);
    if (!form.ok) return answerError(c, form.status, form);
    const { title, input } = readTitle(form.value);
    if (!title.ok) {
      return answerTaskList(c, store, 422, { refused: { message: title.message, input } });
    }
    await store.add({ title: title.value });
    if (readListView(c.req).show !== 'completed') return backToList(c);
    return answerTaskList(c, store, 200, { notice: 'Your task was added to the active ones.' });
  });

  for (const [path, completed] of [
    ['complete', true],
    ['reopen', false],
  ] as const) {
    post(`/${path}/:id`, async (c) => {
      const id = parsePositiveInteger(c.req.param('id') ?? '');
      if (id === undefined) return c.notFound();
      const task = await store.update(id, { completed });
      return task ? backToList(c, id) : answerTaskList(c, store, 404, { notice: TASK_GONE });
    });
    post(`/${path}-all`, async (c) => {
      await store.completeAll(completed);
      return backToList(c);
    });
  }

  post('/delete/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id') ?? '');
    if (id === undefined) return c.notFound();
    // A task that is gone already, deleted in another tab, is what was asked for.
    await store.remove(id);
    return backToList(c);
  });

  post('/delete-completed', async (c) => {
    await store.removeAll({ completed: true });
    return backToList(c);
  });

  return pages;
}
