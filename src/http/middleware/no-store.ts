import type { MiddlewareHandler } from 'hono';

/** Lets nobody keep an answer, unless it says itself for how long it holds. */
export const forbidCaching: MiddlewareHandler = async function forbidCaching(c, next) {
  await next();
  const { headers } = c.res;
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
};
