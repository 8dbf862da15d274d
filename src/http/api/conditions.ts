import type { HonoRequest } from 'hono';
import type { Task } from '../../tasks/index.ts';

/** Returns the strong entity tag of a task, which changes with every change to the task. */
export function etagOf({ version }: Pick<Task, 'version'>): string {
  return `"${version}"`;
}

export function hasConditions(request: HonoRequest): boolean {
  return request.header('If-Match') !== undefined || request.header('If-None-Match') !== undefined;
}

/**
 * Evaluates the preconditions of a request for an existing task (RFC 9110, section 13.2.2). A
 * malformed list of entity tags matches nothing.
 * @returns the status to respond with: 412, or 304 to a GET whose client has the current version
 */
export function failedCondition(
  request: HonoRequest,
  task: Pick<Task, 'version'>,
): 304 | 412 | undefined {
  const tag = etagOf(task);
  const ifMatch = request.header('If-Match');
  // Strong comparison: a weak tag never matches.
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
