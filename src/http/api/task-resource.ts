import type { Task } from '../../tasks/task.ts';

/** A task as the API shows it, with the names of Todo-Backend. */
export interface TaskResource {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  readonly order: number;
  /** Absolute, as the client can use it. */
  readonly url: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
}

/** @param origin that the client has reached the app by */
export function toResource(task: Task, origin: string): TaskResource {
  const { id, title, completed, order, createdAt } = task;
  const url = `${origin}/api/tasks/${id}`;
  return { id, title, completed, order, url, createdAt: createdAt.toISOString() };
}
