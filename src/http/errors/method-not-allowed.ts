import type { Context, Hono } from 'hono';
import type { Bindings } from 'todo-runtimes';
import { isApiPath } from '../paths.ts';
import { respondWithError } from './respond-with-error.ts';

/**
 * Responds to methods that a path does not have: with 405, or, below `/api`, to OPTIONS with 204.
 * `Allow` lists the methods of the routes added so far, so call it after all of them.
 *
 * Hono's `methodNotAllowed()` replaces a 404 that no route has matched. The span and the duration
 * histogram would lose `http.route`.
 */
export function methodNotAllowed(app: Hono<{ Bindings: Bindings }>): void {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (method === 'ALL' || path.endsWith('*')) continue;
    const methods = methodsByPath.get(path) ?? new Set();
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
    methodsByPath.set(path, methods);
  }
  for (const [path, methods] of methodsByPath) {
    if (isApiPath(path)) methods.add('OPTIONS');
    app.all(path, respond([...methods].join(', ')));
  }
}

function respond(allow: string): (c: Context) => Response {
  return function methodNotAllowed(c) {
    if (c.req.method === 'OPTIONS' && isApiPath(c.req.path)) {
      return c.body(null, 204, { Allow: allow });
    }
    return respondWithError(c, 405, ({ errors }) => errors.methodNotAllowed(allow), {
      Allow: allow,
    });
  };
}
