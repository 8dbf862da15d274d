import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { TaskStore } from '../../tasks/task-store.ts';
import { listQuery, readListView } from './list-view.ts';
import { pageTelemetry } from './page-context.ts';
import { readTaskList } from './read-task-list.ts';
import { type ListMessage, renderTaskListPage } from './task-list-page.ts';

export const TASK_GONE = 'This task is gone: somebody has deleted it meanwhile.';

/** Answers with the part of the list that the request's query names. */
export async function answerTaskList(
  c: Context,
  store: TaskStore,
  status: ContentfulStatusCode = 200,
  message?: ListMessage,
): Promise<Response> {
  const list = await readTaskList(store, readListView(c.req));
  return c.html(renderTaskListPage(list, message, pageTelemetry(c)), status);
}

/**
 * Sends a browser back to the part of the list that the request's query names.
 * @param id of the task to scroll to
 */
export function backToList(c: Context, id?: number): Response {
  const query = listQuery(readListView(c.req));
  return c.redirect(`/${query}${id === undefined ? '' : `#task-${id}`}`, 303);
}
