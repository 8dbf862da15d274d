import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { escapeHtml, getPageTelemetry, renderPage } from '../layout/index.ts';

/** Text about a failed request for its user; never contains anything from an exception. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
}

const TO_REPORT =
  'If it happens again, send the trace ID below to whoever runs this app: it shows what went wrong.';

/**
 * Responds with an HTML page that says what went wrong and which trace shows it.
 * @param headers additional headers, such as `Allow` with a 405
 */
export function respondWithErrorPage(
  c: Context,
  status: ContentfulStatusCode,
  { title, text }: ErrorText,
  headers?: Record<string, string>,
): Response {
  const telemetry = getPageTelemetry(c);
  const report = telemetry.footer && `\n<p>${TO_REPORT}</p>`;
  const page = renderPage(
    `${title} · To-Do List`,
    `<header>
<h1>${escapeHtml(title)}</h1>
<p>${status}</p>
</header>
<p>${escapeHtml(text)}</p>${report}
<p><a href="/">Back to the tasks</a></p>`,
    telemetry,
  );
  return c.html(page, status, headers);
}
