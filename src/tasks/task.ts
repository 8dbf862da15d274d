/** One line of the to-do list. */
export interface Task {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  /** Tasks stand in ascending order; of those with the same number the older one is first. */
  readonly order: number;
  readonly createdAt: Date;
  /** 1 for a new task, and one more whenever something of it changes. */
  readonly version: number;
}

/** What a new task is made from. */
export interface NewTask {
  readonly title: string;
  /** Default: false. */
  readonly completed?: boolean | undefined;
  /** A safe integer; default: the time of creation in ms since 1970, so that a new task is the last. */
  readonly order?: number | undefined;
}

/** What of a task can be changed. */
export interface TaskPatch {
  readonly title?: string | undefined;
  readonly completed?: boolean | undefined;
  /** A safe integer. */
  readonly order?: number | undefined;
}
