import { Hono } from 'hono';
import { parsePositiveInteger, type TaskStore } from '../../tasks/index.ts';
import { respondWithError } from '../errors/index.ts';
import { describeTitleProblem, getTexts } from '../texts/index.ts';
import { parseRemoved, readListView } from './list-view.ts';
import { readForm, readTitle } from './read-form.ts';
import { redirectToList, respondWithTaskList } from './respond-with-list.ts';

/**
 * Serves the list as a page and its form posts, which redirect to the part of the list that they
 * came from. All posts are idempotent except the one that adds a task.
 */
export function taskPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/', (c) => respondWithTaskList(c, store));

  pages.post('/add', async (c) => {
    const form = await readForm(c.req);
    if (!form.ok) return respondWithError(c, form.status, form.describe);
    const { title, input } = readTitle(form.value);
    if (!title.ok) {
      return respondWithTaskList(c, store, 422, {
        refused: { message: describeTitleProblem(getTexts(c), title), input },
      });
    }
    const { order, id } = await store.add({ title: title.value });
    if (readListView(c.req).show !== 'completed') {
      return redirectToList(c, undefined, { added: { order, id } });
    }
    return respondWithTaskList(c, store, 200, {
      notice: getTexts(c).notices.addedToActive,
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
        : respondWithTaskList(c, store, 404, { notice: getTexts(c).notices.gone });
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
    const isRemoved = await store.remove(id);
    return redirectToList(c, undefined, isRemoved ? { removed: { id } } : {});
  });

  pages.post('/delete-completed', async (c) => {
    const from = Date.now();
    const count = await store.removeAll({ completed: true });
    const removed = { from, to: Date.now() };
    return redirectToList(c, undefined, count > 0 ? { removed } : {});
  });

  pages.post('/restore/:removed', async (c) => {
    const removed = parseRemoved(c.req.param('removed'));
    if (removed === undefined) return c.notFound();
    const count = await store.restore(removed);
    const id = 'id' in removed ? removed.id : undefined;
    // A second request finds the task restored.
    if (count > 0 || (id !== undefined && (await store.get(id)))) return redirectToList(c, id);
    return respondWithTaskList(c, store, 409, { notice: getTexts(c).notices.notRestored });
  });

  return pages;
}
