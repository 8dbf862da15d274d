import { Hono } from 'hono';
import { parsePositiveInteger } from '../../tasks/parse-positive-integer.ts';
import type { Task } from '../../tasks/task.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import { answerError } from '../errors/respond-with-error.ts';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';
import { renderEditPage } from './edit-page.ts';
import { readListView } from './list-view.ts';
import { pageTelemetry } from './page-context.ts';
import { readForm } from './read-form.ts';
import { readTitle } from './read-title.ts';
import { answerTaskList, backToList, TASK_GONE } from './respond-with-list.ts';

/**
 * The form that changes a task's title.
 *
 * Of two people who edit a task at once the last one's text stays, and the last one is told what it
 * replaced: the form carries the version that it was made from, and the title, which a task that
 * was only completed meanwhile still has. No text is lost unseen: where the task is gone, what was
 * typed can be added as a new one, and a form sent empty deletes only the title that it showed.
 */
export function editPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const task = await store.get(id);
    if (task === undefined) return answerTaskList(c, store, 404, { notice: TASK_GONE });
    return c.html(renderEditPage(task, readListView(c.req), pageTelemetry(c)));
  });

  pages.post('/edit/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const form = await readForm(c.req);
    if (!form.ok) return answerError(c, form.status, form);
    const version = parsePositiveInteger(String(form.value.get('version')));
    const seen = String(form.value.get('seen') ?? '');
    const { title, input } = readTitle(form.value);

    if (input?.trim() === '') {
      if (await store.remove(id, version)) return backToList(c);
      const task = await store.get(id);
      if (!task || (task.title === seen && (await store.remove(id, task.version)))) {
        return backToList(c);
      }
      const notice = `This task was not deleted: it had been changed meanwhile to ${quote(task.title)}.`;
      return answerTaskList(c, store, 409, { notice });
    }

    if (!title.ok) {
      // As it was sent, not as the task is now: what changed meanwhile is told when it is saved.
      const shown = { id, title: seen, version };
      const refused = { message: title.message, input };
      return c.html(renderEditPage(shown, readListView(c.req), pageTelemetry(c), refused), 422);
    }
    if (await store.update(id, { title: title.value }, version)) return backToList(c, id);

    const replaced = await replaceTitle(store, id, title.value);
    if (!replaced) {
      const message = 'The task that you edited is gone. Add your text as a new one?';
      return answerTaskList(c, store, 404, { refused: { message, input: title.value } });
    }
    if (replaced.title === title.value || replaced.title === seen) return backToList(c, id);
    const notice = `This task had been changed meanwhile. It read ${quote(replaced.title)}; your text replaced it.`;
    return answerTaskList(c, store, 200, { notice });
  });

  pages.all('/edit/:id', answerMethodNotAllowed('GET, HEAD, POST'));

  return pages;
}

/** @returns the task as it was until then, whoever else changes it at this moment */
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

/** A title within a sentence, isolated: one that is written from right to left turns nothing else. */
function quote(title: string): string {
  return `“\u2068${title}\u2069”`;
}
