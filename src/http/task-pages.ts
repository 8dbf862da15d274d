import { Hono } from 'hono';
import { parseTaskId } from '../tasks/parse-task-id.ts';
import { parseTitle } from '../tasks/parse-title.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { answerError } from './answer-error.ts';
import { answerMethodNotAllowed } from './answer-failure.ts';
import { readForm } from './read-form.ts';
import { type RefusedTitle, renderTaskListPage } from './task-list-page.ts';

/** The list as a page, and its form posts, which answer 303 to the page. */
export function taskPages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.get('/', async (c) =>
    c.html(renderTaskListPage(await store.list()), 200, { 'Cache-Control': 'no-store' }),
  );
  pages.all('/', answerMethodNotAllowed('GET, HEAD'));

  pages.post('/add', async (c) => {
    const form = await readForm(c.req);
    if (!form.ok) return answerError(c, form.status, form);

    const fields = form.value.getAll('task');
    const input = fields.length > 1 ? fields : fields[0];
    const title = parseTitle(input);
    if (!title.ok) {
      const refused: RefusedTitle = {
        message: title.message,
        input: typeof input === 'string' ? input : '',
      };
      const page = renderTaskListPage(await store.list(), refused);
      return c.html(page, 422, { 'Cache-Control': 'no-store' });
    }

    await store.add({ title: title.value });
    return c.redirect('/', 303);
  });
  pages.all('/add', answerMethodNotAllowed('POST'));

  pages.post('/delete/:id', async (c) => {
    const id = parseTaskId(c.req.param('id'));
    if (id === undefined) return c.notFound();
    // A task that is gone already, deleted in another tab, is what was asked for.
    await store.remove(id);
    return c.redirect('/', 303);
  });
  pages.all('/delete/:id', answerMethodNotAllowed('POST'));

  return pages;
}
