import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { findTargetHandler, isMiddleware } from 'hono/utils/handler';

/**
 * The path template of the handler that a request was meant for.
 *
 * A middleware that answers in its place (a 401) does not count: the handler behind it does. A mount
 * and a middleware without a handler behind it have no route.
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
 * Whether somebody's requests end here. Hono tells middlewares by their second parameter; one that is
 * registered for a method and a path of its own may well be a handler that has `next` to spare.
 */
function isHandler({ handler, method, path }: ReturnType<typeof matchedRoutes>[number]): boolean {
  return !isMiddleware(findTargetHandler(handler)) || (method !== 'ALL' && !path.endsWith('*'));
}
