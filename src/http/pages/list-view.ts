import type { HonoRequest } from 'hono';
import { formatPlace, type Place, parsePlace } from '../task-position.ts';

/** Which part of the list a page shows. It stands in the query of every address of the page's own. */
export interface ListView {
  readonly show: 'all' | 'active' | 'completed';
  /** Begins behind this place; default: at the start of the list. */
  readonly after?: Place | undefined;
}

/**
 * Reads `show=active` and `after=<order>.<id>` of a query; what makes no sense is left out, so that
 * an address made of a view leads nowhere else.
 */
export function readListView(request: HonoRequest): ListView {
  const show = request.query('show');
  return {
    show: show === 'active' || show === 'completed' ? show : 'all',
    after: parsePlace(request.query('after') ?? ''),
  };
}

/** The query of a view, as `readListView()` reads it: `` for the start of the whole list. */
export function listQuery({ show, after }: ListView): string {
  const place = after ? `after=${formatPlace(after)}` : '';
  if (show === 'all') return place && `?${place}`;
  return `?show=${show}${place && `&${place}`}`;
}
