import { createNameTest, MAYBE_SENSITIVE, type SensitiveNames } from './sensitive-names.ts';

/** Replaces values that may be secrets by `REDACTED`, and keeps names and their order. */
export interface Redactor {
  /** Redacts a query, or a fragment, without its `?` or `#`. */
  query(query: string): string;
  /** Redacts parameters of a path, such as `;jsessionid=`, and JSON Web Tokens. */
  path(path: string): string;
  /** Redacts queries, passwords and tokens anywhere in a string, such as an error message. */
  text(text: string): string;
  /** Redacts the whole value of a header with a sensitive name, or the sensitive parts of the value. */
  header(name: string, value: string): string;
}

const REDACTED = 'REDACTED';

// Separators of names and values: plain, escaped, or escaped again as in a URL within a URL.
const SEPARATORS = '[?&;#]|%(?:25){0,5}(?:3f|26|3b|23)|=|%(?:25){0,5}3d';
const EQUALS = /^(?:=|%.*d)$/i;
const IN_QUERY = new RegExp(SEPARATORS, 'gi');
const IN_PATH = new RegExp(`/|${SEPARATORS}`, 'gi');
const IN_TEXT = new RegExp(`\\s|${SEPARATORS}`, 'gi');

const MAYBE_IN_PATH = /[;=]|eyJ|%(?:25){0,5}3[bd]/i;
// A base64url header that begins with `{"`. It matches whole runs, so no part is scanned twice.
const TOKEN = /eyJ[\w-]{8,}(?:(?:\.|%2e)[\w-]*){0,4}/gi;
/** The part between `://` and `@`, escaped or not. */
const CREDENTIALS =
  /((?::|%(?:25){0,5}3a)(?:\/|%(?:25){0,5}2f){2})[^/?#@\s%]*(?:%(?!(?:25){0,5}(?:2f|40))[^/?#@\s%]*){0,2000}(@|%(?:25){0,5}40)/gi;
/** The credentials after the scheme of an `Authorization` header, unless they are a word. */
const AUTHORIZATION =
  /\b([Bb]earer|BEARER|[Bb]asic|BASIC|D[Pp]o[Pp])([\s+]+|%(?:25){0,5}20)(?=[a-z-]*[^a-z\s&%+-])[^\s,;"'&]+/g;
/** A member of a JSON object, escaped or not, up to the content of its string or number. */
const JSON_MEMBER =
  /("|\\"|%(?:25){0,5}22)([\w.$-]{1,64})\1\s*(?::|%(?:25){0,5}3a)\s*(?:(\1)|(?=-?\d))/gi;
const NUMBER_END = /[^\d.e+-]/gi;

/**
 * Creates a redactor.
 *
 * @param sensitiveNames names of query parameters and headers in addition to the known ones
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/#url-query
 * @example
 * ```ts
 * import { createRedactor } from 'hono-opentelemetry';
 *
 * const redactor = createRedactor(['customer']);
 * console.log(redactor.query('page=2&customer=7&token=abc')); // page=2&customer=REDACTED&token=REDACTED
 * ```
 */
export function createRedactor(sensitiveNames: SensitiveNames = []): Redactor {
  const isSensitive = createNameTest(sensitiveNames);
  // The quick test knows only the names of the list.
  const hasMoreNames = sensitiveNames.length > 0;

  /** Scans the separators once. A value's name begins after the separator before it. */
  function redactValues(text: string, separators: RegExp): string {
    let redacted = '';
    /** Index up to which `text` is already in `redacted`. */
    let copied = 0;
    let nameStart = 0;
    /** Length of the equals sign of the value being dropped, which grows with each escape; else 0. */
    let depth = 0;
    separators.lastIndex = 0;
    for (let found = separators.exec(text); found !== null; found = separators.exec(text)) {
      const [separator] = found;
      const isEquals = EQUALS.test(separator);
      if (depth > 0) {
        if (isEquals || separator.length > depth) continue;
        depth = 0;
        copied = found.index;
      } else if (isEquals && isSensitive(text.slice(nameStart, found.index))) {
        depth = separator.length;
        redacted += `${text.slice(copied, found.index + depth)}${REDACTED}`;
      }
      nameStart = separators.lastIndex;
    }
    if (depth > 0) return redacted;
    return copied === 0 ? text : redacted + text.slice(copied);
  }

  /** Redacts members of JSON. A loop finds their ends, as Bun backtracks slowly over long matches. */
  function redactMembers(text: string): string {
    let redacted = '';
    let copied = 0;
    JSON_MEMBER.lastIndex = 0;
    for (let found = JSON_MEMBER.exec(text); found !== null; found = JSON_MEMBER.exec(text)) {
      const [, , name = '', quote] = found;
      if (!isSensitive(name)) continue;
      const start = JSON_MEMBER.lastIndex;
      redacted += `${text.slice(copied, start)}${REDACTED}`;
      copied = quote === undefined ? endOfNumber(text, start) : endOfString(text, start, quote);
      JSON_MEMBER.lastIndex = copied;
    }
    return redacted + text.slice(copied);
  }

  /** Redacts values, members of JSON, passwords in URLs, credentials and tokens. */
  function redact(text: string, separators: RegExp): string {
    if (!hasMoreNames && !MAYBE_SENSITIVE.test(text)) return text;
    const redacted = redactMembers(redactValues(text, separators))
      .replace(CREDENTIALS, `$1${REDACTED}:${REDACTED}$2`)
      .replace(AUTHORIZATION, `$1$2${REDACTED}`);
    return redactTokens(redacted);
  }

  return {
    query: (query) => redact(query, IN_QUERY),
    path: (path) => (MAYBE_IN_PATH.test(path) ? redact(path, IN_PATH) : path),
    text: (text) => redact(text, IN_TEXT),
    header: (name, value) => (isSensitive(name) ? REDACTED : redact(value, IN_TEXT)),
  };
}

function endOfNumber(text: string, start: number): number {
  NUMBER_END.lastIndex = start;
  return NUMBER_END.exec(text)?.index ?? text.length;
}

/** Returns the position of the closing quote, which has no backslash before it. */
function endOfString(text: string, start: number, quote: string): number {
  let end = text.indexOf(quote, start);
  while (end !== -1 && text[end - 1] === '\\') end = text.indexOf(quote, end + 1);
  return end === -1 ? text.length : end;
}

/** Replaces JSON Web Tokens, which have two to five parts. */
function redactTokens(text: string): string {
  if (!text.includes('eyJ')) return text;
  return text.replace(TOKEN, (run) => (/\.|%2e/i.test(run) ? REDACTED : run));
}
