import type { NewTask, Task, TaskPatch } from './task.ts';

/** Which tasks are meant; of all by default. */
export interface TaskFilter {
  readonly completed?: boolean | undefined;
}

/** A part of the list. */
export interface TaskRange extends TaskFilter {
  /** Begins behind the place of this task, whether it is still there or not. */
  readonly after?: Pick<Task, 'order' | 'id'> | undefined;
  /** At most so many; default: all. */
  readonly limit?: number | undefined;
}

export interface TaskCounts {
  readonly active: number;
  readonly completed: number;
}

/**
 * Where tasks live. `undefined` and `false` mean "no such task"; a throw means that storage failed.
 *
 * With a `version` a change is made only to a task of that version; any other is no such task.
 */
export interface TaskStore {
  /** In ascending `order`. */
  list(range?: TaskRange): Promise<Task[]>;
  count(): Promise<TaskCounts>;
  get(id: number): Promise<Task | undefined>;
  /**
   * The id is new: one that a removed task had is never given again.
   * @throws TaskLimitError when the list is full
   */
  add(task: NewTask): Promise<Task>;
  /** Changes what the patch names and nothing else; an empty patch changes nothing. */
  update(id: number, patch: TaskPatch, version?: number): Promise<Task | undefined>;
  /**
   * Completes every task, or reopens it, and returns how many were not so before. Works in steps,
   * between which others see a part of it done; the same holds for `removeAll()`.
   */
  completeAll(completed: boolean): Promise<number>;
  remove(id: number, version?: number): Promise<boolean>;
  /** Returns how many there were. */
  removeAll(filter?: TaskFilter): Promise<number>;
  /** Rejects when storage does not answer. */
  ping(): Promise<void>;
}

/** The list holds as many tasks as it may. */
export class TaskLimitError extends Error {
  override readonly name = 'TaskLimitError';
}

/** Storage cannot do the work now, through no fault of the request: locked, full, read-only, gone. */
export class TaskStoreUnavailableError extends Error {
  override readonly name = 'TaskStoreUnavailableError';
}
