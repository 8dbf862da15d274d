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
const SEPARATORS = '[?&;#]|%(?:25)*(?:3f|26|3b|23)|=|%(?:25)*3d';
const EQUALS = /^(?:=|%.*d)$/i;
const IN_QUERY = new RegExp(SEPARATORS, 'gi');
const IN_PATH = new RegExp(`/|${SEPARATORS}`, 'gi');
const IN_TEXT = new RegExp(`\\s|${SEPARATORS}`, 'gi');

const MAYBE_IN_PATH = /[;=]|eyJ|%(?:25)*3[bd]/i;
// A base64url header that begins with `{"`. It matches whole runs, so no part is scanned twice.
const TOKEN = /eyJ[\w-]{8,}(?:(?:\.|%2e)[\w-]*){0,4}/gi;
/** The part between `://` and `@`, escaped or not. */
const CREDENTIALS =
  /((?::|%(?:25)*3a)(?:\/|%(?:25)*2f){2})(?:(?!%(?:25)*(?:2f|40))[^/?#@\s])*(@|%(?:25)*40)/gi;
/** The credentials after the scheme of an `Authorization` header, unless they are a word. */
const AUTHORIZATION =
  /\b([Bb]earer|BEARER|[Bb]asic|BASIC|D[Pp]o[Pp])((?:\s|\+|%(?:25)*20)+)(?=[a-z-]*[^a-z\s&%+-])[^\s,;"'&]+/g;
/** A member of a JSON object, escaped or not: a string with the quotes of its name, or a number. */
const JSON_MEMBER =
  /("|\\"|%(?:25)*22)([\w.$-]{1,64})\1(\s*(?::|%(?:25)*3a)\s*)(?:(\1)(?:(?!\1)(?:\\.|[^\\]))*|-?\d[\d.e+-]*)/gi;

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

  function redactMember(member: string, quote: string, name: string, colon: string, open = '') {
    if (!isSensitive(name)) return member;
    return `${quote}${name}${quote}${colon}${open}${REDACTED}`;
  }

  /** Values, members of JSON, passwords in URLs, tokens and what authorizes. */
  function redact(text: string, separators: RegExp): string {
    if (!hasMoreNames && !MAYBE_SENSITIVE.test(text)) return text;
    const redacted = redactValues(text, separators)
      .replace(JSON_MEMBER, redactMember)
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

/** Replaces JSON Web Tokens, which have two to five parts. */
function redactTokens(text: string): string {
  if (!text.includes('eyJ')) return text;
  return text.replace(TOKEN, (run) => (/\.|%2e/i.test(run) ? REDACTED : run));
}
