import type { NewTask, Task, TaskPatch } from './task.ts';

/** The tasks that an operation applies to. @default all tasks */
export interface TaskFilter {
  readonly completed?: boolean | undefined;
}

/** A part of the list. */
export interface TaskRange extends TaskFilter {
  /** Starts after the position of this task, even if the task no longer exists. */
  readonly after?: Pick<Task, 'order' | 'id'> | undefined;
  /** Ends before this position, and `limit` counts from there. Not used with `after`. */
  readonly before?: Pick<Task, 'order' | 'id'> | undefined;
  /** Maximum number of tasks. @default no limit */
  readonly limit?: number | undefined;
}

/** A removed task, or the completed ones that were removed in a span of time (ms since 1970). */
export type RemovedTasks = { readonly id: number } | { readonly from: number; readonly to: number };

export interface TaskCounts {
  readonly active: number;
  readonly completed: number;
}

/**
 * The storage of tasks. `undefined` and `false` mean that the task does not exist; a throw means that
 * storage failed.
 *
 * A change with a `version` applies only to that version; another version counts as a missing task.
 */
export interface TaskStore {
  /** Returns tasks in ascending `order`. */
  list(range?: TaskRange): Promise<Task[]>;
  count(): Promise<TaskCounts>;
  get(id: number): Promise<Task | undefined>;
  /**
   * Adds a task with a new id. The ids of removed tasks are never reused.
   * @throws TaskLimitError when the list is full
   */
  add(task: NewTask): Promise<Task>;
  /** Changes the members of the patch; an empty patch changes nothing. */
  update(id: number, patch: TaskPatch, version?: number): Promise<Task | undefined>;
  /**
   * Completes or reopens all tasks, and returns how many it changed. Works in steps, and other callers
   * can see the result of some steps before the rest. So does `removeAll()`.
   */
  completeAll(completed: boolean): Promise<number>;
  /**
   * Moves a task directly after another one, or to the start of the list. Changes the `order` of that
   * task only; if there is no number between its neighbors, also of tasks before it, to smaller ones.
   * @param after the id of the other task; null for the start
   * @returns undefined also if the other task does not exist, or has the smallest number there is
   */
  move(id: number, after: number | null): Promise<Task | undefined>;
  remove(id: number, version?: number): Promise<boolean>;
  /** Removes tasks and returns how many it removed. */
  removeAll(filter?: TaskFilter): Promise<number>;
  /**
   * Adds removed tasks back under their ids, as far as the list has room, and returns how many. Finds
   * at least those that this object has removed lately, but no more than the last 10,000.
   */
  restore(removed: RemovedTasks): Promise<number>;
  /** Rejects if storage does not respond. */
  ping(): Promise<void>;
}

/** Thrown when the list has reached its maximum number of tasks. */
export class TaskLimitError extends Error {
  override readonly name = 'TaskLimitError';
}

/** Thrown when storage is locked, full, read-only or missing; the request is not at fault. */
export class TaskStoreUnavailableError extends Error {
  override readonly name = 'TaskStoreUnavailableError';
}
