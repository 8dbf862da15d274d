import { VIEWER_SCRIPT_URL, VIEWER_STYLE_URL } from './assets.generated.ts';
import { attr, esc } from './html.ts';

/** A page without its frame. */
export interface PageContent {
  readonly title: string;
  /** The entry of the navigation that the page belongs to. */
  readonly section?: Section | undefined;
  /** HTML of the main part. */
  readonly main: string;
  /** Reloads the page without script, after this many seconds. */
  readonly refresh?: { readonly seconds: number; readonly url: string } | undefined;
  /** Events on which the script fetches the main part again: all changes, or those of a trace. */
  readonly live?: string | undefined;
}

export type Section = 'traces' | 'logs' | 'metrics' | 'map' | 'status';

const SECTIONS: readonly (readonly [Section, string, string])[] = [
  ['traces', '/', 'Traces'],
  ['logs', '/logs', 'Logs'],
  ['metrics', '/metrics', 'Metrics'],
  ['map', '/map', 'Map'],
  ['status', '/status', 'Status'],
];

export function renderLayout({ title, section, main, refresh, live }: PageContent): string {
  const links = SECTIONS.map(
    ([name, href, text]) =>
      `<a href="${href}"${attr('aria-current', name === section && 'page')}>${text}</a>`,
  );
  const meta = refresh
    ? `<meta http-equiv="refresh" content="${refresh.seconds};url=${esc(refresh.url)}">`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${esc(title)} · OpenTelemetry viewer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${meta}
<link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${VIEWER_STYLE_URL}">
<script type="module" src="${VIEWER_SCRIPT_URL}"></script></head>
<body${attr('data-live', live)}><a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="/"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 4h11v3H2zM6 9h10v3H6zM9 14h9v3H9z"/></svg>Viewer</a>
<nav aria-label="Pages">${links.join('')}</nav>
<form class="jump" action="/trace" role="search"><input name="id" aria-label="Trace ID" placeholder="Trace ID" maxlength="64" autocomplete="off" spellcheck="false"></form></header>
<main id="main" tabindex="-1">${main}</main></body></html>`;
}

export const VIEWER_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path fill="#4c6ef5" d="M2 3h11v4H2zM5 8h11v4H5zM8 13h10v4H8z"/></svg>';
