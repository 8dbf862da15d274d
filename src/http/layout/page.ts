import { escapeToBuffer } from 'hono/utils/html';
import { LANGUAGES, type Language, type Texts } from '../texts/index.ts';
import { SCRIPT_URL, STYLE_URL } from './assets.generated.ts';

/** Escapes a string for the content of an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  const buffer: [string] = [''];
  escapeToBuffer(text, buffer);
  return buffer[0];
}

/** The parts of a page that depend on its request. */
export interface PageContext {
  readonly language: Language;
  readonly texts: Texts;
  /** The query that keeps a chosen language in a link: `?lang=fr`, or empty. */
  readonly query: string;
  /** URL that the page's script sends its spans to as OTLP/JSON; without it, it records none. */
  readonly tracesEndpoint?: string | undefined;
  /** The trace of the request, as HTML; empty when telemetry is off. */
  readonly footer: string;
}

/**
 * Renders an HTML document.
 * @param title plain text; the name of the app follows it
 * @param main the content of `<main>`, as HTML
 * @param url of the page without its language, as HTML, for links to all languages
 */
export function renderPage(
  title: string,
  main: string,
  { language, texts, tracesEndpoint, footer }: PageContext,
  url: string,
): string {
  const endpoint = tracesEndpoint
    ? `\n<meta name="otlp-traces-endpoint" content="${escapeHtml(tracesEndpoint)}">`
    : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${texts.description}">${endpoint}
<title>${title ? `${escapeHtml(title)} · ` : ''}${texts.appName}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_URL}">
<script type="module" src="${SCRIPT_URL}"></script>
</head>
<body>
<main>
${main}${footer ? `\n${footer}` : ''}
<nav id="languages" aria-label="${texts.languages}">
${renderLanguages(language, url)}</nav>
</main>
</body>
</html>
`;
}

/** The end of each link. In ASCII, because a page with other characters takes longer to encode. */
const LANGUAGE_LINKS = Object.entries(LANGUAGES).map(([language, name]) => ({
  language,
  link: `${language}" hreflang="${language}" lang="${language}">${toAscii(name)}</a>\n`,
}));

function toAscii(text: string): string {
  // Not replace(), whose result V8 stores like its input: with two bytes per character.
  const characters = [...text].map((each) => (each > '~' ? `&#${each.codePointAt(0)};` : each));
  return characters.join('');
}

function renderLanguages(current: Language, url: string): string {
  const start = `${url}${url.includes('?') ? '&amp;' : '?'}lang=`;
  let links = '';
  for (const { language, link } of LANGUAGE_LINKS) {
    links += `<a${language === current ? ' aria-current="true"' : ''} href="${start}${link}`;
  }
  return links;
}
