import type { NewTask, Task, TaskPatch } from './task.ts';

/** The tasks that an operation applies to. @default all tasks */
export interface TaskFilter {
  readonly completed?: boolean | undefined;
}

/** A part of the list. */
export interface TaskRange extends TaskFilter {
  /** Starts after the position of this task, even if the task no longer exists. */
  readonly after?: Pick<Task, 'order' | 'id'> | undefined;
  /** Maximum number of tasks. @default no limit */
  readonly limit?: number | undefined;
}

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
  remove(id: number, version?: number): Promise<boolean>;
  /** Removes tasks and returns how many it removed. */
  removeAll(filter?: TaskFilter): Promise<number>;
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
