import { entriesOf, type Parsed, quoteEntry } from 'opentelemetry-instrument/settings';

/** Reads origins with commas between them, as browsers name them: `https://a.example:8443`. */
export function parseOrigins(text: string): Parsed<readonly string[]> {
  const entries = entriesOf(text);
  const wrong = entries.find((entry) => !isOrigin(entry));
  // As URLs have it: in lower case, without the port that goes without saying.
  if (wrong === undefined) return { value: entries.map((entry) => new URL(entry).origin) };
  return {
    mistake: `${quoteEntry(wrong, text)} is no origin; write https://a.example or http://localhost:3000`,
  };
}

function isOrigin(entry: string): boolean {
  return /^https?:\/\/[^/?#@\\*\s]+$/i.test(entry) && URL.canParse(entry);
}

/** The base of a Collector's URLs that browsers can send to, also when the path of traces stands behind it. */
export function parseBrowserEndpoint(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBase = /^https?:$/.test(url?.protocol ?? '') && !/[?#@]/.test(text);
  if (url && isBase)
    return { value: url.href.replace(/(?<!\/)\/+$/, '').replace(/\/v1\/traces$/, '') };
  return {
    mistake:
      'write where browsers find it, without password and query, such as https://collector.example:4318',
  };
}
