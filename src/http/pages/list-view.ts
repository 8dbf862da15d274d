import type { HonoRequest } from 'hono';
import { formatTaskPosition, parseTaskPosition, type TaskPosition } from '../task-position.ts';

/** The part of the list that a page shows. All links of the page have it in their query. */
export interface ListView {
  readonly show: 'all' | 'active' | 'completed';
  /** Starts after this position. @default the start of the list */
  readonly after?: TaskPosition | undefined;
}

/**
 * Reads `show=active` and `after=<order>.<id>` from the query, and ignores invalid values. A URL made
 * from a view therefore never contains foreign text.
 */
export function readListView(request: HonoRequest): ListView {
  const show = request.query('show');
  return {
    show: show === 'active' || show === 'completed' ? show : 'all',
    after: parseTaskPosition(request.query('after') ?? ''),
  };
}

/** Returns the query that `readListView()` reads; empty for the start of the whole list. */
export function listQuery({ show, after }: ListView): string {
  const position = after ? `after=${formatTaskPosition(after)}` : '';
  if (show === 'all') return position && `?${position}`;
  return `?show=${show}${position && `&${position}`}`;
}
