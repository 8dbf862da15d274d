import type { Task } from '../../tasks/task.ts';

type Place = Pick<Task, 'order' | 'id'>;

/** The place of a task in the list as text for a link; made of characters that stand in a URL as they are. */
export function formatCursor({ order, id }: Place): string {
  return btoa(`${order}.${id}`).replaceAll('=', '');
}

/** Undefined for what `formatCursor()` does not make. */
export function parseCursor(text: string): Place | undefined {
  const [, order, id] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(decode(text)) ?? [];
  const place = { order: Number(order), id: Number(id) };
  return Number.isSafeInteger(place.order) && Number.isSafeInteger(place.id) ? place : undefined;
}

function decode(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
