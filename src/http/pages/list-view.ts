import type { HonoRequest } from 'hono';
import { parsePositiveInteger, type RemovedTasks } from '../../tasks/index.ts';
import { formatTaskPosition, parseTaskPosition, type TaskPosition } from '../task-position.ts';
import { type Language, readChosenLanguage } from '../texts/index.ts';

/** The part of the list that a page shows. All links of the page have it in their query. */
export interface ListView {
  readonly show: 'all' | 'active' | 'completed';
  /** Starts after this position. @default the start of the list */
  readonly after?: TaskPosition | undefined;
  /** Ends before this position; `after` is then ignored. */
  readonly before?: TaskPosition | undefined;
  /** The language that the user has chosen. */
  readonly language?: Language | undefined;
}

/** The change that a page comes after. */
export interface ListChange {
  /** The position of a new task. */
  readonly added?: TaskPosition | undefined;
  readonly removed?: RemovedTasks | undefined;
}

/**
 * Reads `show=active`, `after=<order>.<id>`, `before=<order>.<id>` and `lang=fr` from the query, and ignores
 * invalid values. A URL made from a view therefore never contains foreign text.
 */
export function readListView(request: HonoRequest): ListView {
  const show = request.query('show');
  const before = parseTaskPosition(request.query('before') ?? '');
  return {
    show: show === 'active' || show === 'completed' ? show : 'all',
    ...(before ? { before } : { after: parseTaskPosition(request.query('after') ?? '') }),
    language: readChosenLanguage(request),
  };
}

/** Reads `added=<order>.<id>` and `removed=<id>` or `removed=<from>-<to>` from the query. */
export function readListChange(request: HonoRequest): ListChange {
  return {
    added: parseTaskPosition(request.query('added') ?? ''),
    removed: parseRemoved(request.query('removed') ?? ''),
  };
}

/** Returns the query that the functions above read; empty for the start of the whole list. */
export function listQuery(
  { show, after, before, language }: ListView,
  { added, removed }: ListChange = {},
): string {
  let query = '';
  if (show !== 'all') query += `&show=${show}`;
  if (before) query += `&before=${formatTaskPosition(before)}`;
  else if (after) query += `&after=${formatTaskPosition(after)}`;
  if (added) query += `&added=${formatTaskPosition(added)}`;
  if (removed) query += `&removed=${formatRemoved(removed)}`;
  if (language) query += `&lang=${language}`;
  return query && `?${query.slice(1)}`;
}

/** Returns `<id>`, or `<from>-<to>`. */
export function formatRemoved(removed: RemovedTasks): string {
  return 'id' in removed ? `${removed.id}` : `${removed.from}-${removed.to}`;
}

/** Returns undefined for strings that `formatRemoved()` cannot return. */
export function parseRemoved(text: string): RemovedTasks | undefined {
  const [first, second, ...rest] = text.split('-').map(parsePositiveInteger);
  if (first === undefined || rest.length > 0) return undefined;
  if (!text.includes('-')) return { id: first };
  return second === undefined ? undefined : { from: first, to: second };
}
