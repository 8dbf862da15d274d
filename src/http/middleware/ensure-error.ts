import type { MiddlewareHandler } from 'hono';

/** Makes an Error of a thrown string or null: Hono hands only errors to `onError`. */
export const wrapThrownValues: MiddlewareHandler = async function wrapThrownValues(_c, next) {
  try {
    await next();
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    throw new Error(`A handler threw a value that is no Error (${typeof thrown}).`, {
      cause: thrown,
    });
  }
};
