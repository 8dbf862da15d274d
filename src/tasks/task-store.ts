import type { NewTask, Task, TaskPatch } from './task.ts';

/** Where tasks live. `undefined` and `false` mean "no such task"; a throw means that storage failed. */
export interface TaskStore {
  /** All tasks, the oldest first. */
  list(): Promise<Task[]>;
  count(): Promise<number>;
  add(task: NewTask): Promise<Task>;
  update(id: number, patch: TaskPatch): Promise<Task | undefined>;
  remove(id: number): Promise<boolean>;
  /** Rejects when storage does not answer. */
  ping(): Promise<void>;
}

/** Storage is there but busy, and stayed so for as long as it was worth waiting. */
export class TaskStoreBusyError extends Error {
  override readonly name = 'TaskStoreBusyError';
}
