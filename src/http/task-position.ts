import type { Task } from '../tasks/task.ts';

/** Where a task stands in the list. */
export type Place = Pick<Task, 'order' | 'id'>;

/** `<order>.<id>`, made of characters that stand in a URL as they are. */
export function formatPlace({ order, id }: Place): string {
  return `${order}.${id}`;
}

/** Undefined for what `formatPlace()` does not make. */
export function parsePlace(text: string): Place | undefined {
  const [, order, id] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(text) ?? [];
  const place = { order: Number(order), id: Number(id) };
  const isPlace = Number.isSafeInteger(place.order) && Number.isSafeInteger(place.id);
  return isPlace && formatPlace(place) === text ? place : undefined;
}
