import type { Task } from '../tasks/index.ts';

/** The position of a task in the list. */
export type TaskPosition = Pick<Task, 'order' | 'id'>;

/** Returns `<order>.<id>`, which needs no escapes in a URL. */
export function formatTaskPosition({ order, id }: TaskPosition): string {
  return `${order}.${id}`;
}

/** Returns undefined for strings that `formatTaskPosition()` cannot return. */
export function parseTaskPosition(text: string): TaskPosition | undefined {
  const [, order, id] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(text) ?? [];
  const position = { order: Number(order), id: Number(id) };
  const isValid = Number.isSafeInteger(position.order) && Number.isSafeInteger(position.id);
  return isValid && formatTaskPosition(position) === text ? position : undefined;
}
