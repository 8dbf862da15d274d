import { formatTaskPosition, parseTaskPosition, type TaskPosition } from '../task-position.ts';

/** Formats the position of a task as an opaque string. */
export function formatCursor(position: TaskPosition): string {
  return btoa(formatTaskPosition(position)).replaceAll('=', '');
}

/** Returns undefined for strings that `formatCursor()` cannot return. */
export function parseCursor(text: string): TaskPosition | undefined {
  const position = parseTaskPosition(decode(text));
  return position && formatCursor(position) === text ? position : undefined;
}

function decode(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
