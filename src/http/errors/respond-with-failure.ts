import type { ErrorHandler, MiddlewareHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { TaskLimitError, TaskStoreUnavailableError } from '../../tasks/index.ts';
import type { TaskTelemetry } from '../task-telemetry.ts';
import { respondWithError } from './respond-with-error.ts';

/** The store itself has already waited for as long. */
const RETRY_AFTER_SECONDS = 2;

/** Turns thrown strings and null into an Error: Hono passes only errors to `onError`. */
export const ensureError: MiddlewareHandler = async function ensureError(_c, next) {
  try {
    await next();
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    throw new Error(`A handler threw a value that is not an Error (${typeof thrown}).`, {
      cause: thrown,
    });
  }
};

/** Creates Hono's `onError`: one response per kind of failure, and a log record for server errors. */
export function respondWithFailure(telemetry: TaskTelemetry): ErrorHandler {
  return function respondWithFailure(error, c) {
    if (error instanceof HTTPException && error.status < 500) {
      return respondWithError(c, error.status, {
        title: 'Request not accepted',
        text: 'The server understood the request but does not accept it.',
      });
    }
    if (error instanceof TaskStoreUnavailableError) {
      telemetry.storeUnavailable();
      return respondWithError(
        c,
        503,
        {
          title: 'Temporarily unavailable',
          text: 'The list cannot be read or changed right now. Please try again in a moment.',
        },
        { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      );
    }
    if (error instanceof TaskLimitError) {
      return respondWithError(c, 409, {
        title: 'The list is full',
        text: 'The list has reached its maximum number of tasks. Please delete some first.',
      });
    }
    telemetry.requestFailed(error);
    return respondWithError(c, 500, {
      title: 'Something went wrong',
      text: 'The server made a mistake, not you. Please try again in a moment.',
    });
  };
}

export const respondNotFound: NotFoundHandler = (c) =>
  respondWithError(c, 404, {
    title: 'Page not found',
    text: 'There is nothing at this address.',
  });
