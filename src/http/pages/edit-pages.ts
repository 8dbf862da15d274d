import { Hono } from 'hono';
import { parsePositiveInteger, type Task, type TaskStore } from '../../tasks/index.ts';
import { respondWithError } from '../errors/index.ts';
import { getPageTelemetry } from '../layout/index.ts';
import { renderEditPage } from './edit-page.ts';
import { readListView } from './list-view.ts';
import { readForm, readTitle } from './read-form.ts';
import { redirectToList, respondWithTaskList, TASK_GONE } from './respond-with-list.ts';

/**
 * Serves the form that changes a task's title.
 *
 * If two people edit a task at once, the last title wins, and its author sees the title that it
 * replaced. The form therefore contains the version and the title that it was rendered from. No input
 * is lost: if the task was deleted, the input can be added as a new task, and an empty form deletes
 * the task only if it still has the title that the form showed.
 */
export function editPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const task = await store.get(id);
    if (task === undefined) return respondWithTaskList(c, store, 404, { notice: TASK_GONE });
    return c.html(renderEditPage(task, readListView(c.req), getPageTelemetry(c)));
  });

  pages.post('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const form = await readForm(c.req);
    if (!form.ok) return respondWithError(c, form.status, form);
    const version = parsePositiveInteger(String(form.value.get('version')));
    const seen = String(form.value.get('seen') ?? '');
    const { title, input } = readTitle(form.value);

    if (input?.trim() === '') {
      if (await store.remove(id, version)) return redirectToList(c);
      const task = await store.get(id);
      if (!task || (task.title === seen && (await store.remove(id, task.version)))) {
        return redirectToList(c);
      }
      const notice = `This task was not deleted, because someone changed it to ${quote(task.title)}.`;
      return respondWithTaskList(c, store, 409, { notice });
    }

    if (!title.ok) {
      // The task as the form showed it: a concurrent change is reported when a valid title is saved.
      const shown = { id, title: seen, version };
      const refused = { message: title.message, input };
      return c.html(renderEditPage(shown, readListView(c.req), getPageTelemetry(c), refused), 422);
    }
    if (await store.update(id, { title: title.value }, version)) return redirectToList(c, id);

    const replaced = await replaceTitle(store, id, title.value);
    if (!replaced) {
      const message = 'The task that you edited no longer exists. Add your text as a new task?';
      return respondWithTaskList(c, store, 404, { refused: { message, input: title.value } });
    }
    if (replaced.title === title.value || replaced.title === seen) return redirectToList(c, id);
    const notice = `Someone else changed this task to ${quote(replaced.title)}; your text replaced it.`;
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

/** Quotes a title, isolated so that right-to-left text does not affect the rest of the sentence. */
function quote(title: string): string {
  return `“\u2068${title}\u2069”`;
}
