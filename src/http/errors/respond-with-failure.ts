import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { TaskLimitError, TaskStoreUnavailableError } from '../../tasks/task-store.ts';
import type { TaskTelemetry } from '../task-telemetry.ts';
import { answerError } from './respond-with-error.ts';

/** Seconds after which a client may try again; the store itself has waited for as long before. */
const RETRY_AFTER = '2';

/** Makes Hono's `onError`: a page for each kind of failure, and a log record for the server's own. */
export function answerFailure(telemetry: TaskTelemetry): ErrorHandler {
  return function answerFailure(error, c) {
    if (error instanceof HTTPException && error.status < 500) {
      return answerError(c, error.status, {
        title: 'Request not accepted',
        text: 'The server understood the request but does not accept it as it is.',
      });
    }
    if (error instanceof TaskStoreUnavailableError) {
      telemetry.storeUnavailable();
      return answerError(
        c,
        503,
        {
          title: 'Not possible at the moment',
          text: 'The list cannot be read or changed just now. Please try again in a moment.',
        },
        { 'Retry-After': RETRY_AFTER },
      );
    }
    if (error instanceof TaskLimitError) {
      return answerError(c, 409, {
        title: 'The list is full',
        text: 'The list holds as many tasks as it can. Please delete some first.',
      });
    }
    telemetry.requestFailed(error);
    return answerError(c, 500, {
      title: 'Something went wrong',
      text: 'The fault is ours, not yours. Please try again in a moment.',
    });
  };
}

export const answerNotFound: NotFoundHandler = (c) =>
  answerError(c, 404, {
    title: 'Page not found',
    text: 'There is nothing at this address.',
  });

/**
 * Makes the handler for every method that a path does not have.
 * @param allow the methods that it has: `GET, HEAD`
 */
export function answerMethodNotAllowed(allow: string): (c: Context) => Response {
  return function answerMethodNotAllowed(c) {
    return answerError(
      c,
      405,
      { title: 'Method not allowed', text: `This address answers ${allow} only.` },
      { Allow: allow },
    );
  };
}
