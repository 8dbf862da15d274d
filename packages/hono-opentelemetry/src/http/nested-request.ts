import type { Context as HonoContext } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { RouterRoute } from 'hono/types';
import { findTargetHandler, isMiddleware } from 'hono/utils/handler';
import { mergePath } from 'hono/utils/url';
import { type ActiveRequest, activeRequest } from '../active-request.ts';
import { type ServerEnv, serverEnv } from './server-env.ts';

/** Returns the request whose handler made the request of `c`, by a mount or `app.request()`. */
export function outerRequest(c: HonoContext): ActiveRequest | undefined {
  const outer = activeRequest();
  if (outer === undefined) return undefined;
  const connection = connectionOf(serverEnv(c));
  // A server that was started by a handler passes the handler's context on to its own requests.
  const isReceived = connection !== undefined && connection !== outer.connection;
  return isReceived ? undefined : outer;
}

/** Returns an object that a server makes for each request that it receives. */
export function connectionOf({ incoming, completed }: ServerEnv): object | undefined {
  return incoming ?? completed;
}

/**
 * Returns the path template above the app of `c`, if `outer` passed the whole request on to it.
 *
 * A mounted app gets a `Request` and a `Context` of its own. What stays the same is the method and,
 * below the mount point, the path. Any other request that a handler makes is a new one, such as one to
 * its own path in the same app.
 *
 * @returns undefined for a new request
 */
export function findMountPath(outer: ActiveRequest, c: HonoContext): string | undefined {
  if (outer.c === undefined) return undefined;
  const { method, path } = outer.c.req;
  const rest = c.req.path;
  if (c.req.method !== method) return undefined;
  const route = routesOf(outer.c)[outer.c.req.routeIndex]?.path ?? '';
  const isMount = route.endsWith('/*') && !isSelfRequest(outer.c, c);
  if (rest === path) return isMount || c.req.raw === outer.c.req.raw ? outer.mountPath : undefined;
  if (!isMount) return undefined;
  const mountPoint = route.slice(0, -2);
  const prefix = rest === '/' ? path.replace(/\/$/, '') : pathAbove(path, rest);
  // A parameter with a pattern may match several segments, an optional one none.
  const isBelow = /[{?]/.test(mountPoint) || countSegments(prefix) === countSegments(mountPoint);
  return prefix && isBelow ? mergePath(outer.mountPath, mountPoint) : undefined;
}

/** Returns true if a handler of `outer` requests something from its own app. */
function isSelfRequest(outer: HonoContext, c: HonoContext): boolean {
  const current = routesOf(c)[c.req.routeIndex];
  const isSameApp = current !== undefined && routesOf(outer).includes(current);
  // An app that mounts itself passes the environment on, and another path.
  return isSameApp && (c.env !== outer.env || c.req.path === outer.req.path);
}

function pathAbove(path: string, rest: string): string {
  return path.endsWith(rest) ? path.slice(0, -rest.length) : '';
}

function countSegments(path: string): number {
  return path.split('/').length;
}

/** Returns the route of a request, from the outermost traced app to the innermost one. */
export function routeOf(
  c: HonoContext,
  { mountPath, mountedRoute }: ActiveRequest,
): string | undefined {
  if (mountedRoute !== undefined) return mountedRoute;
  const route = matchedRoute(c);
  return route === undefined || mountPath === '/' ? route : mergePath(mountPath, route);
}

/** Returns the matched routes. `hono/route` reads only the requests of its own copy of Hono. */
function routesOf(c: HonoContext): RouterRoute[] {
  try {
    return matchedRoutes(c);
  } catch {
    return c.req.matchedRoutes;
  }
}

/**
 * Returns the path template of the handler that a request was meant for.
 *
 * A middleware that responds early (a 401) does not count: the handler after it does. A mount, and a
 * middleware without a handler after it, have no route.
 *
 * @returns `/api/tasks/:id`, with mounts and base paths; undefined when no handler matched
 */
function matchedRoute(c: HonoContext): string | undefined {
  const routes = routesOf(c);
  for (let i = c.req.routeIndex; i < routes.length; i++) {
    const route = routes[i];
    if (route !== undefined && isHandler(route)) return route.path;
  }
  return undefined;
}

/**
 * Returns true for a handler. Hono recognizes a middleware by its second parameter. A function that is
 * registered for one method and one path is a handler in any case, and may not use that parameter.
 */
function isHandler({ handler, method, path }: RouterRoute): boolean {
  return !isMiddleware(findTargetHandler(handler)) || (method !== 'ALL' && !path.endsWith('*'));
}
