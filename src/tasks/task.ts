/** One line of the to-do list. */
export interface Task {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  /** Tasks are sorted in ascending order; of two with the same number the older comes first. */
  readonly order: number;
  readonly createdAt: Date;
  /** 1 for a new task; increases with every change. */
  readonly version: number;
}

/** The values of a new task. */
export interface NewTask {
  readonly title: string;
  /** @default false */
  readonly completed?: boolean | undefined;
  /** A safe integer. @default the time of creation in ms since 1970, so that a new task comes last */
  readonly order?: number | undefined;
}

/** The members of a task to change. */
export interface TaskPatch {
  readonly title?: string | undefined;
  readonly completed?: boolean | undefined;
  /** A safe integer. */
  readonly order?: number | undefined;
}

/** Parses an id or a version. Returns undefined unless it is a positive safe integer in decimal digits. */
export function parsePositiveInteger(input: string): number | undefined {
  if (!/^[1-9][0-9]*$/.test(input)) return undefined;
  const value = Number(input);
  return Number.isSafeInteger(value) ? value : undefined;
}
