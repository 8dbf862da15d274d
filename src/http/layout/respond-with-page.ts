import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Responds with an HTML page, which depends on the languages that the client accepts. */
export function respondWithPage(
  c: Context,
  page: string,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response {
  return c.html(page, status, { ...headers, Vary: 'Accept-Language' }) as Response;
}
