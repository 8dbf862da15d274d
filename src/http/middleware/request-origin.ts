import type { Context, MiddlewareHandler } from 'hono';
import { type ProxyTrust, resolveRequest } from 'hono-opentelemetry';
import type { Bindings } from 'todo-runtimes';

/**
 * Resolves client, scheme and host of each request and then runs `trace`, so that spans and responses
 * agree. One middleware for both saves a step of the chain per request.
 */
export function requestOrigin(
  proxies: ProxyTrust,
  trace: MiddlewareHandler = (_c, next) => next(),
): MiddlewareHandler<{ Bindings: Bindings }> {
  return function requestOrigin(c, next) {
    resolveRequest(c, proxies);
    return trace(c, next);
  };
}

/**
 * Returns scheme, host and port of the app as the client sees them: `https://todo.example`.
 * @returns undefined for a request without a valid host
 */
export function getRequestOrigin(c: Context): string | undefined {
  const { scheme, authority } = resolveRequest(c);
  if (authority === undefined) return undefined;
  const { hostname, port } = authority;
  const isDefault = port === undefined || port === (scheme === 'https' ? 443 : 80);
  return `${scheme}://${hostname}${isDefault ? '' : `:${port}`}`;
}
