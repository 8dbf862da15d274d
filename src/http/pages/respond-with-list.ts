import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { TaskStore } from '../../tasks/index.ts';
import { getPageContext, respondWithPage } from '../layout/index.ts';
import { type ListChange, listQuery, readListChange, readListView } from './list-view.ts';
import { readTaskList } from './read-task-list.ts';
import { type ListMessage, renderTaskListPage } from './task-list-page.ts';

/** Responds with the part of the list that the request's query selects. */
export async function respondWithTaskList(
  c: Context,
  store: TaskStore,
  status: ContentfulStatusCode = 200,
  message?: ListMessage,
): Promise<Response> {
  const list = await readTaskList(store, readListView(c.req));
  const change = c.req.method === 'POST' ? {} : readListChange(c.req);
  const page = renderTaskListPage(list, { ...change, ...message }, getPageContext(c));
  return respondWithPage(c, page, status);
}

/**
 * Redirects to the part of the list that the request's query selects.
 * @param id of the task to scroll to
 * @param change that the page reports
 */
export function redirectToList(c: Context, id?: number, change?: ListChange): Response {
  const query = listQuery(readListView(c.req), change);
  return c.redirect(`/${query}${id === undefined ? '' : `#task-${id}`}`, 303);
}
