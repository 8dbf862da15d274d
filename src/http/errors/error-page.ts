import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { escapeHtml, renderPage } from '../pages/page.ts';
import { pageTelemetry } from '../pages/page-context.ts';

/** What a person is told about a request that failed; never anything from an exception. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
}

const TO_REPORT =
  'If it happens again, tell whoever runs this app the number of the trace: it shows what went on.';

/**
 * Answers with an HTML page that says what went wrong and which trace to look at.
 * @param headers beyond the usual ones, such as `Allow` with a 405
 */
export function answerErrorPage(
  c: Context,
  status: ContentfulStatusCode,
  { title, text }: ErrorText,
  headers?: Record<string, string>,
): Response {
  const telemetry = pageTelemetry(c);
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
