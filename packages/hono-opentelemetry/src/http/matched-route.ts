import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { findTargetHandler, isMiddleware } from 'hono/utils/handler';

/**
 * Returns the path template of the handler that a request was meant for.
 *
 * A middleware that responds early (a 401) does not count: the handler after it does. A mount, and a
 * middleware without a handler after it, have no route.
 *
 * @returns `/api/tasks/:id`, with mounts and base paths; undefined when no handler matched
 */
export function matchedRoute(c: Context): string | undefined {
  const routes = matchedRoutes(c);
  for (let i = c.req.routeIndex; i < routes.length; i++) {
    const route = routes[i];
    if (route !== undefined && isHandler(route)) return route.path;
  }
  return undefined;
}

/**
 * Returns true for a handler. Hono recognizes a middleware by its second parameter, but a function
 * registered for one method and one path may be a handler that does not use `next`.
 */
function isHandler({ handler, method, path }: ReturnType<typeof matchedRoutes>[number]): boolean {
  return !isMiddleware(findTargetHandler(handler)) || (method !== 'ALL' && !path.endsWith('*'));
}
