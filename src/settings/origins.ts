import { entriesOf, type Parsed, quoteEntry } from 'opentelemetry-instrument/settings';

/** Parses a comma-separated list of origins: `https://a.example:8443`. */
export function parseOrigins(text: string): Parsed<readonly string[]> {
  const entries = entriesOf(text);
  const wrong = entries.find((entry) => !isOrigin(entry));
  // Normalized as in URLs: lower case, without the default port.
  if (wrong === undefined) return { value: entries.map((entry) => new URL(entry).origin) };
  return {
    error: `${quoteEntry(wrong, text)} is not an origin; write https://a.example or http://localhost:3000`,
  };
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
    error:
      'write a URL that browsers can reach, without password and query, such as https://collector.example:4318',
  };
}
