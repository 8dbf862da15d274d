import type { NewTask, Task, TaskPatch } from './task.ts';

/** Where tasks live. `undefined` and `false` mean "no such task"; a throw means that storage failed. */
export interface TaskStore {
  /** All tasks, the oldest first. */
  list(): Promise<Task[]>;
  count(): Promise<number>;
  /** The id is new: one that a removed task had is never given again. */
  add(task: NewTask): Promise<Task>;
  /** Changes what the patch names and nothing else; an empty patch changes nothing. */
  update(id: number, patch: TaskPatch): Promise<Task | undefined>;
  remove(id: number): Promise<boolean>;
  /** Rejects when storage does not answer. */
  ping(): Promise<void>;
}

/** Storage cannot do the work now, through no fault of the request: locked, full, read-only, gone. */
export class TaskStoreUnavailableError extends Error {
  override readonly name = 'TaskStoreUnavailableError';
}
