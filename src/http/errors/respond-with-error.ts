import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isApiPath } from '../api/is-api-path.ts';
import { answerErrorPage, type ErrorText } from './error-page.ts';
import { answerProblem } from './problem.ts';

/**
 * Answers a request that failed: with problem details where programs ask, below `/api` and
 * `/otlp`, elsewhere with a page.
 * @param headers beyond the usual ones, such as `Allow` with a 405
 */
export function answerError(
  c: Context,
  status: ContentfulStatusCode,
  text: ErrorText,
  headers?: Record<string, string>,
): Response {
  return isApiPath(c.req.path) || c.req.path.startsWith('/otlp/')
    ? answerProblem(c, status, text.text, { headers })
    : answerErrorPage(c, status, text, headers);
}
