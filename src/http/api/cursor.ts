import { formatPlace, type Place, parsePlace } from '../task-position.ts';

/** The place of a task as text that nobody takes for more than a cursor. */
export function formatCursor(place: Place): string {
  return btoa(formatPlace(place)).replaceAll('=', '');
}

/** Undefined for what `formatCursor()` does not make. */
export function parseCursor(text: string): Place | undefined {
  const place = parsePlace(decode(text));
  return place && formatCursor(place) === text ? place : undefined;
}

function decode(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
