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
      return respondWithError(c, error.status, ({ errors }) => errors.notAccepted);
    }
    if (error instanceof TaskStoreUnavailableError) {
      telemetry.storeUnavailable();
      return respondWithError(c, 503, ({ errors }) => errors.unavailable, {
        'Retry-After': String(RETRY_AFTER_SECONDS),
      });
    }
    if (error instanceof TaskLimitError) {
      return respondWithError(c, 409, ({ errors }) => errors.listFull);
    }
    telemetry.requestFailed(error);
    return respondWithError(c, 500, ({ errors }) => errors.failed);
  };
}

export const respondNotFound: NotFoundHandler = (c) =>
  respondWithError(c, 404, ({ errors }) => errors.notFound);
