import type { Task } from '../../tasks/task.ts';
import type { TaskCounts, TaskStore } from '../../tasks/task-store.ts';
import type { ListView } from './list-view.ts';

/** Tasks on one page: as many as a page stays quick with. */
export const PAGE_SIZE = 200;

/** What a page of the list shows. */
export interface TaskList {
  readonly view: ListView;
  readonly tasks: readonly Task[];
  /** Of the whole list, not of this page. */
  readonly counts: TaskCounts;
  /** Whether tasks of this view come behind these. */
  readonly hasMore: boolean;
}

/** Reads one page of the list; a whole list that fits on it is counted without asking the store. */
export async function readTaskList(
  store: Pick<TaskStore, 'list' | 'count'>,
  view: ListView,
): Promise<TaskList> {
  const { show, after } = view;
  const completed = show === 'all' ? undefined : show === 'completed';
  const found = await store.list({ completed, after, limit: PAGE_SIZE + 1 });
  const hasMore = found.length > PAGE_SIZE;
  const isWhole = show === 'all' && after === undefined && !hasMore;
  return {
    view,
    tasks: hasMore ? found.slice(0, PAGE_SIZE) : found,
    counts: isWhole ? countTasks(found) : await store.count(),
    hasMore,
  };
}

function countTasks(tasks: readonly Task[]): TaskCounts {
  let completed = 0;
  for (const task of tasks) if (task.completed) completed += 1;
  return { active: tasks.length - completed, completed };
}
