import { entriesOf, entryProblem, type Parsed } from 'opentelemetry-instrument/settings';

/** Parses a comma-separated list of origins: `https://a.example:8443`. */
export function parseOrigins(text: string): Parsed<readonly string[]> {
  const entries = entriesOf(text);
  const wrong = entries.find((entry) => !isOrigin(entry));
  // Normalized as in URLs: lower case, without the default port.
  if (wrong === undefined) return { value: entries.map((entry) => new URL(entry).origin) };
  const problem = entryProblem(wrong, text, 'is not an origin');
  return { error: { problem, fix: 'use https://a.example or http://localhost:3000' } };
}

function isOrigin(entry: string): boolean {
  return /^https?:\/\/[^/?#@\\*\s]+$/i.test(entry) && URL.canParse(entry);
}

/** Parses the base URL of a collector for browsers, with or without `/v1/traces`. */
export function parseBrowserEndpoint(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBase = /^https?:$/.test(url?.protocol ?? '') && !/[?#@]/.test(text);
  if (url && isBase)
    return { value: url.href.replace(/(?<!\/)\/+$/, '').replace(/\/v1\/traces$/, '') };
  return {
    error: {
      problem: 'is not a URL for browsers',
      fix: 'use an HTTP URL without password and query, such as https://collector.example:4318',
    },
  };
}

/** Parses the URL of Jaeger's pages, which become links: no other scheme than HTTP may get there. */
export function parseJaegerUrl(text: string): Parsed<string> {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { value: text };
  if (/^(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?(?:\/|$)/i.test(text)) {
    return { error: { problem: 'has no scheme', fix: 'add the scheme: http://' } };
  }
  return {
    error: { problem: 'is not an HTTP URL', fix: 'use a URL such as http://localhost:16686' },
  };
}
