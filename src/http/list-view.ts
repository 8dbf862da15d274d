import type { Task } from '../tasks/task.ts';

/** Which part of the list a page shows. It stands in the query of every address of the page's own. */
export interface ListView {
  readonly show: 'all' | 'active' | 'completed';
  /** Begins behind this place; default: at the start of the list. */
  readonly after?: Pick<Task, 'order' | 'id'> | undefined;
}

const PLACE = /^(-?\d{1,16})\.(\d{1,16})$/;

/**
 * Reads `show=active` and `after=<order>.<id>` of a query; what makes no sense is left out, so that
 * an address made of a view leads nowhere else.
 */
export function readListView(query: (name: string) => string | undefined): ListView {
  const show = query('show');
  const place = PLACE.exec(query('after') ?? '');
  return {
    show: show === 'active' || show === 'completed' ? show : 'all',
    after: place ? { order: Number(place[1]), id: Number(place[2]) } : undefined,
  };
}

/** The query of a view, as `readListView()` reads it: `` for the start of the whole list. */
export function listQuery({ show, after }: ListView): string {
  const place = after ? `after=${after.order}.${after.id}` : '';
  if (show === 'all') return place && `?${place}`;
  return `?show=${show}${place && `&${place}`}`;
}
