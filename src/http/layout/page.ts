import { escapeToBuffer } from 'hono/utils/html';
import { SCRIPT_URL, STYLE_URL } from './assets.generated.ts';

/** Escapes a string for the content of an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  const buffer: [string] = [''];
  escapeToBuffer(text, buffer);
  return buffer[0];
}

/** The telemetry of a page; empty when telemetry is off. */
export interface PageTelemetry {
  /** URL that the page's script sends its spans to as OTLP/JSON; without it, it records none. */
  readonly tracesEndpoint?: string | undefined;
  /** The trace of the request, as HTML. */
  readonly footer?: string | undefined;
}

/**
 * Renders an HTML document.
 * @param title plain text
 * @param main the content of `<main>`, as HTML
 */
export function renderPage(
  title: string,
  main: string,
  { tracesEndpoint, footer }: PageTelemetry = {},
): string {
  const endpoint = tracesEndpoint
    ? `\n<meta name="otlp-traces-endpoint" content="${escapeHtml(tracesEndpoint)}">`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="A to-do list that shows what a web app can report about itself.">${endpoint}
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_URL}">
<script type="module" src="${SCRIPT_URL}"></script>
</head>
<body>
<main>
${main}${footer ? `\n${footer}` : ''}
</main>
</body>
</html>
`;
}
