import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { escapeHtml, getPageContext, renderPage, respondWithPage } from '../layout/index.ts';
import { isApiPath } from '../paths.ts';
import { en, type Texts } from '../texts/index.ts';
import { respondWithProblem } from './problem.ts';

/** Text about a failed request for its user; never contains anything from an exception. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
}

/** Returns the text about an error in one language: `({ errors }) => errors.notFound`. */
export type DescribeError = (texts: Texts) => ErrorText;

/**
 * Responds to a failed request: programs (`/api`, OTLP) get problem details in English, browsers a page
 * in their language.
 * @param headers additional headers, such as `Allow` with a 405
 */
export function respondWithError(
  c: Context,
  status: ContentfulStatusCode,
  describe: DescribeError,
  headers?: Record<string, string>,
): Response {
  const { path } = c.req;
  return isApiPath(path) || path.startsWith('/otlp/')
    ? respondWithProblem(c, status, describe(en).text, { headers })
    : respondWithErrorPage(c, status, describe, headers);
}

/** Responds with an HTML page that says what went wrong and which trace shows it. */
function respondWithErrorPage(
  c: Context,
  status: ContentfulStatusCode,
  describe: DescribeError,
  headers?: Record<string, string>,
): Response {
  const context = getPageContext(c);
  const { texts, query, footer } = context;
  const { title, text } = describe(texts);
  const report = footer && status >= 500 ? `\n<p>${texts.trace.report}</p>` : '';
  const page = renderPage(
    title,
    `<header class="error">
<h1>${escapeHtml(title)}</h1>
<p>${status}</p>
</header>
<p>${escapeHtml(text)}</p>${report}
<p><a href="/${query}">${texts.backToTasks}</a></p>`,
    context,
    // The address of a form may have no page.
    c.req.method === 'GET' ? '' : '/',
  );
  return respondWithPage(c, page, status, headers);
}
