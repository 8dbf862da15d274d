import type { HonoRequest } from 'hono';
import type { Task } from '../../tasks/task.ts';

/** The strong entity tag of a task: it changes whenever something of the task does. */
export function etagOf({ version }: Pick<Task, 'version'>): string {
  return `"${version}"`;
}

export function hasConditions(request: HonoRequest): boolean {
  return request.header('If-Match') !== undefined || request.header('If-None-Match') !== undefined;
}

/**
 * Holds a request's conditions against a task that is there (RFC 9110, section 13.2.2). What is no
 * list of entity tags matches nothing.
 * @returns what to answer instead: 412, or to a GET that has the task already 304
 */
export function failedCondition(
  request: HonoRequest,
  task: Pick<Task, 'version'>,
): 304 | 412 | undefined {
  const tag = etagOf(task);
  const ifMatch = request.header('If-Match');
  // The strong comparison: a weak tag never matches.
  if (ifMatch !== undefined && !isListed(tag, ifMatch)) return 412;
  const ifNoneMatch = request.header('If-None-Match');
  if (ifNoneMatch === undefined || !isListed(tag, ifNoneMatch.replaceAll('W/"', '"'))) {
    return undefined;
  }
  return request.method === 'GET' || request.method === 'HEAD' ? 304 : 412;
}

function isListed(tag: string, list: string): boolean {
  return list.trim() === '*' || list.split(',').some((each) => each.trim() === tag);
}
