import { type Context, Hono } from 'hono';
import { parsePositiveInteger, type Task, type TaskStore } from '../../tasks/index.ts';
import { respondWithError } from '../errors/index.ts';
import { getTexts } from '../texts/index.ts';
import { readListView } from './list-view.ts';
import { readForm } from './read-form.ts';
import { redirectToList, respondWithTaskList } from './respond-with-list.ts';

/**
 * Serves the form that moves a task. The field `to` is `up` or `down`: by one task of the shown list. Or
 * the field `before` or `after` has the id of another task.
 */
export function movePages(store: TaskStore): Hono {
  const pages = new Hono();

  pages.post('/move/:id', async (c) => {
    const id = parsePositiveInteger(c.req.param('id'));
    if (id === undefined) return c.notFound();
    const form = await readForm(c.req);
    if (!form.ok) return respondWithError(c, form.status, form.describe);
    const idOf = (field: string) => parsePositiveInteger(String(form.value.get(field)));
    const [to, before, after] = [form.value.get('to'), idOf('before'), idOf('after')];

    const task = await store.get(id);
    if (!task) return respondWithTaskList(c, store, 404, { notice: getTexts(c).notices.gone });
    if (to === 'up' || to === 'down') {
      const other = await findNeighbor(c, task, to);
      if (!other) return redirectToList(c, id);
      return respond(c, await (to === 'up' ? moveBefore(id, other) : store.move(id, other.id)));
    }
    if (after !== undefined) return respond(c, await store.move(id, after));
    const other = before === undefined ? undefined : await store.get(before);
    return respond(c, other && (await moveBefore(id, other)));
  });

  /** Returns the previous or next task of the shown list. */
  async function findNeighbor(c: Context, task: Task, to: 'up' | 'down') {
    const { show } = readListView(c.req);
    const completed = show === 'all' ? undefined : show === 'completed';
    const range = to === 'up' ? { before: task } : { after: task };
    return (await store.list({ completed, ...range, limit: 1 }))[0];
  }

  async function moveBefore(id: number, other: Task): Promise<Task | undefined> {
    const [previous] = await store.list({ before: other, limit: 1 });
    return store.move(id, previous?.id ?? null);
  }

  async function respond(c: Context, moved: Task | undefined): Promise<Response> {
    return moved
      ? redirectToList(c, moved.id)
      : respondWithTaskList(c, store, 409, { notice: getTexts(c).notices.notMoved });
  }

  return pages;
}
