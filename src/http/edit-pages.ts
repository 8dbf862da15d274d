import { type Context, Hono } from 'hono';
import { parseTaskId } from '../tasks/parse-task-id.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { answerError } from './answer-error.ts';
import { answerMethodNotAllowed } from './answer-failure.ts';
import { answerTaskList, backToList, TASK_GONE } from './answer-task-list.ts';
import { type RefusedEdit, renderEditPage } from './edit-page.ts';
import { readListView } from './list-view.ts';
import { readForm } from './read-form.ts';
import { readTitle } from './read-title.ts';

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

  async function answerForm(c: Context, id: number, status: 200 | 422, refused?: RefusedEdit) {
    const task = await store.get(id);
    if (task === undefined) return answerTaskList(c, store, 404, { notice: TASK_GONE });
    const view = readListView((name) => c.req.query(name));
    return c.html(renderEditPage(task, view, refused), status);
  }

  pages.get('/edit/:id', (c) => {
    const id = parseTaskId(c.req.param('id'));
    return id === undefined ? c.notFound() : answerForm(c, id, 200);
  });

  pages.post('/edit/:id', async (c) => {
    const id = parseTaskId(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const form = await readForm(c.req);
    if (!form.ok) return answerError(c, form.status, form);
    const version = parseTaskId(String(form.value.get('version')));
    const seen = form.value.get('seen');
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

    if (!title.ok) return answerForm(c, id, 422, { message: title.message, input });
    if (await store.update(id, { title: title.value }, version)) return backToList(c, id);

    const replaced = await store.get(id);
    if (!replaced || !(await store.update(id, { title: title.value }))) {
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

/** A title within a sentence, isolated: one that is written from right to left turns nothing else. */
function quote(title: string): string {
  return `“\u2068${title}\u2069”`;
}
