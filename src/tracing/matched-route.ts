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
    if (route === undefined) break;
    if (route.method !== 'ALL' || !isMiddleware(findTargetHandler(route.handler))) {
      return route.path;
    }
  }
  return undefined;
}
