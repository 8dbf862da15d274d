import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { TaskStore } from '../../tasks/index.ts';
import { getPageTelemetry } from '../layout/index.ts';
import { listQuery, readListView } from './list-view.ts';
import { readTaskList } from './read-task-list.ts';
import { type ListMessage, renderTaskListPage } from './task-list-page.ts';

export const TASK_GONE = 'This task no longer exists: someone deleted it.';

/** Responds with the part of the list that the request's query selects. */
export async function respondWithTaskList(
  c: Context,
  store: TaskStore,
  status: ContentfulStatusCode = 200,
  message?: ListMessage,
): Promise<Response> {
  const list = await readTaskList(store, readListView(c.req));
  return c.html(renderTaskListPage(list, message, getPageTelemetry(c)), status);
}

/**
 * Redirects to the part of the list that the request's query selects.
 * @param id of the task to scroll to
 */
export function redirectToList(c: Context, id?: number): Response {
  const query = listQuery(readListView(c.req));
  return c.redirect(`/${query}${id === undefined ? '' : `#task-${id}`}`, 303);
}
