import type { TagFilter } from '../../store/index.ts';

/**
 * Parses tags as Jaeger's form takes them: logfmt (`error=true http.route="/a b"`) or a JSON object.
 * @returns undefined when the text is neither
 */
export function parseTags(text: string): readonly TagFilter[] | undefined {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? parseJsonTags(trimmed) : parseLogfmt(trimmed);
}

/** Formats tags as logfmt, which `parseTags()` reads back. */
export function formatTags(tags: readonly TagFilter[]): string {
  return tags.map(({ key, value }) => `${quoteTag(key)}=${quoteTag(value)}`).join(' ');
}

function parseJsonTags(text: string): readonly TagFilter[] | undefined {
  try {
    const tags: unknown = JSON.parse(text);
    if (typeof tags !== 'object' || tags === null) return undefined;
    return Object.entries(tags).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    }));
  } catch {
    return undefined;
  }
}

const PART = /(?:"((?:[^"\\]|\\.)*)"|([^\s="]+))(=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?:\s+|$)/y;

function parseLogfmt(text: string): readonly TagFilter[] | undefined {
  const tags: TagFilter[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (!match) return undefined;
    const [, quotedKey, bareKey, hasValue, quotedValue, bareValue] = match;
    const key = quotedKey === undefined ? (bareKey ?? '') : unescapeTag(quotedKey);
    // logfmt: a key alone is true.
    const value = hasValue ? (bareValue ?? unescapeTag(quotedValue ?? '')) : 'true';
    tags.push({ key, value });
  }
  return tags;
}

function quoteTag(text: string): string {
  if (text !== '' && !/[\s="\\]/.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescapeTag(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => ESCAPED[character] ?? character);
}
