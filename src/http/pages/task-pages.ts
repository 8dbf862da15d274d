import { Hono } from 'hono';
import { parsePositiveInteger, type TaskStore } from '../../tasks/index.ts';
import { respondWithError } from '../errors/index.ts';
import { readListView } from './list-view.ts';
import { readForm, readTitle } from './read-form.ts';
import { redirectToList, respondWithTaskList, TASK_GONE } from './respond-with-list.ts';

/**
 * Serves the list as a page and its form posts, which redirect to the part of the list that they
 * came from. All posts are idempotent except the one that adds a task.
 */
export function taskPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/', (c) => respondWithTaskList(c, store));

  pages.post('/add', async (c) => {
    const form = await readForm(c.req);
    if (!form.ok) return respondWithError(c, form.status, form);
    const { title, input } = readTitle(form.value);
    if (!title.ok) {
      return respondWithTaskList(c, store, 422, { refused: { message: title.message, input } });
    }
    await store.add({ title: title.value });
    if (readListView(c.req).show !== 'completed') return redirectToList(c);
    return respondWithTaskList(c, store, 200, {
      notice: 'Your task was added to the active tasks.',
    });
  });

  for (const [path, completed] of [
    ['complete', true],
    ['reopen', false],
  ] as const) {
    pages.post(`/${path}/:id`, async (c) => {
      const id = parsePositiveInteger(c.req.param('id'));
      if (id === undefined) return c.notFound();
      const task = await store.update(id, { completed });
      return task
        ? redirectToList(c, id)
        : respondWithTaskList(c, store, 404, { notice: TASK_GONE });
    });
    pages.post(`/${path}-all`, async (c) => {
      await store.completeAll(completed);
      return redirectToList(c);
    });
  }

  pages.post('/delete/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    // Deleting a task that no longer exists also succeeds.
    await store.remove(id);
    return redirectToList(c);
  });

  pages.post('/delete-completed', async (c) => {
    await store.removeAll({ completed: true });
    return redirectToList(c);
  });

  return pages;
}
