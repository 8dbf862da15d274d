/** One line of the to-do list. */
export interface Task {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  readonly createdAt: Date;
}

/** What a new task is made from. */
export interface NewTask {
  readonly title: string;
}

/** What of a task can be changed. */
export interface TaskPatch {
  readonly title?: string;
  readonly completed?: boolean;
}
