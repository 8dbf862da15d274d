import type { Task, TaskCounts, TaskStore } from '../../tasks/index.ts';
import type { ListView } from './list-view.ts';

/** Maximum number of tasks on one page, for a fast page. */
const PAGE_SIZE = 200;

/** One page of the list. */
export interface TaskList {
  readonly view: ListView;
  readonly tasks: readonly Task[];
  /** Counts of the whole list, not of this page. */
  readonly counts: TaskCounts;
  /** True if tasks of this view precede the page, or did so when the user left them. */
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
}

/** Reads one page of the list. A list that fits on one page is counted without a query. */
export async function readTaskList(
  store: Pick<TaskStore, 'list' | 'count'>,
  view: ListView,
): Promise<TaskList> {
  const { show, after, before } = view;
  const completed = show === 'all' ? undefined : show === 'completed';
  const found = await store.list({ completed, after, before, limit: PAGE_SIZE + 1 });
  const hasMore = found.length > PAGE_SIZE;
  const hasPrevious = before ? hasMore : after !== undefined;
  const tasks = before ? found.slice(-PAGE_SIZE) : found.slice(0, PAGE_SIZE);
  const rest = before && { completed, after: tasks.at(-1) ?? before, limit: 1 };
  const hasNext = rest ? (await store.list(rest)).length > 0 : hasMore;
  const isWhole = show === 'all' && !hasPrevious && !hasNext;
  return {
    view,
    tasks,
    counts: isWhole ? countTasks(found) : await store.count(),
    hasPrevious,
    hasNext,
  };
}

function countTasks(tasks: readonly Task[]): TaskCounts {
  let completed = 0;
  for (const task of tasks) if (task.completed) completed += 1;
  return { active: tasks.length - completed, completed };
}
