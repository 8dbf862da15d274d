import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isApiPath } from '../paths.ts';
import { type ErrorText, respondWithErrorPage } from './error-page.ts';
import { respondWithProblem } from './problem.ts';

/**
 * Responds to a failed request: programs (`/api`, OTLP) get problem details, browsers a page.
 * @param headers additional headers, such as `Allow` with a 405
 */
export function respondWithError(
  c: Context,
  status: ContentfulStatusCode,
  text: ErrorText,
  headers?: Record<string, string>,
): Response {
  const { path } = c.req;
  return isApiPath(path) || path.startsWith('/otlp/')
    ? respondWithProblem(c, status, text.text, { headers })
    : respondWithErrorPage(c, status, text, headers);
}
