import { Hono } from 'hono';
import { parsePositiveInteger, type Task, type TaskStore } from '../../tasks/index.ts';
import { respondWithError } from '../errors/index.ts';
import { getPageContext, respondWithPage } from '../layout/index.ts';
import { describeTitleProblem, getTexts } from '../texts/index.ts';
import { renderEditPage } from './edit-page.ts';
import { readListView } from './list-view.ts';
import { readForm, readTitle } from './read-form.ts';
import { redirectToList, respondWithTaskList } from './respond-with-list.ts';

/**
 * Serves the form that changes a task's title.
 *
 * If two people edit a task at once, the last title wins, and its author sees the title that it
 * replaced. The form therefore contains the version and the title that it was rendered from. No input
 * is lost: if the task was deleted, the input can be added as a new task. An empty form deletes the task
 * only if it still has the title that the form showed.
 */
export function editPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const task = await store.get(id);
    if (task === undefined)
      return respondWithTaskList(c, store, 404, { notice: getTexts(c).notices.gone });
    return respondWithPage(c, renderEditPage(task, readListView(c.req), getPageContext(c)));
  });

  pages.post('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const form = await readForm(c.req);
    if (!form.ok) return respondWithError(c, form.status, form.describe);
    const version = parsePositiveInteger(String(form.value.get('version')));
    const seen = String(form.value.get('seen') ?? '');
    const { title, input } = readTitle(form.value);

    if (input?.trim() === '') {
      const removed = { id };
      if (await store.remove(id, version)) return redirectToList(c, undefined, { removed });
      const task = await store.get(id);
      if (!task) return redirectToList(c);
      if (task.title === seen && (await store.remove(id, task.version))) {
        return redirectToList(c, undefined, { removed });
      }
      const notice = getTexts(c).notices.notDeleted(task.title);
      return respondWithTaskList(c, store, 409, { notice });
    }

    if (!title.ok) {
      // The task as the form showed it: a concurrent change is reported when a valid title is saved.
      const shown = { id, title: seen, version };
      const refused = { message: describeTitleProblem(getTexts(c), title), input };
      const page = renderEditPage(shown, readListView(c.req), getPageContext(c), refused);
      return respondWithPage(c, page, 422);
    }
    if (await store.update(id, { title: title.value }, version)) return redirectToList(c, id);

    const replaced = await replaceTitle(store, id, title.value);
    if (!replaced) {
      const message = getTexts(c).notices.editedGone;
      return respondWithTaskList(c, store, 404, { refused: { message, input: title.value } });
    }
    if (replaced.title === title.value || replaced.title === seen) return redirectToList(c, id);
    const notice = getTexts(c).notices.replaced(replaced.title);
    return respondWithTaskList(c, store, 200, { notice });
  });

  return pages;
}

/** Replaces the title of any version. @returns the task as it was before */
async function replaceTitle(
  store: TaskStore,
  id: number,
  title: string,
): Promise<Task | undefined> {
  for (;;) {
    const task = await store.get(id);
    if (!task || (await store.update(id, { title }, task.version))) return task;
  }
}
