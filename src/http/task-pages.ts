import { type Context, Hono } from 'hono';
import { parsePositiveInteger } from '../tasks/parse-positive-integer.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { answerError } from './answer-error.ts';
import { answerMethodNotAllowed } from './answer-failure.ts';
import { answerTaskList, backToList, TASK_GONE } from './answer-task-list.ts';
import { type ListView, readListView } from './list-view.ts';
import { readForm } from './read-form.ts';
import { PAGE_SIZE, readTaskList } from './read-task-list.ts';
import { readTitle } from './read-title.ts';

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
    const task = await store.add({ title: title.value });
    const notice = await whereElse(store, readListView(c.req), task);
    return notice ? answerTaskList(c, store, 200, { notice }) : backToList(c);
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

/** Where a task is that was added, when the part of the list that is shown does not have it. */
async function whereElse(
  store: TaskStore,
  view: ListView,
  task: Task,
): Promise<string | undefined> {
  if (view.show === 'completed') return 'Your task was added to the active ones.';
  // As no id is given twice, there are no more tasks than the id says: they fit on one page.
  if (task.id <= PAGE_SIZE) return undefined;
  const { tasks } = await readTaskList(store, view);
  const isShown = tasks.some(({ id }) => id === task.id);
  return isShown ? undefined : 'Your task was added at the end of the list, on its last page.';
}
