const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const SPECIAL = /[&<>"']/g;
// Controls, invisible and direction-changing characters, lone surrogates and line separators.
const HIDDEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const HIDDEN_IN_LINES = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const PLAIN = /^[ !#-%(-;=?-~]*$/;
const MAX_SHOWN_LENGTH = 4_096;

/**
 * Escapes a string for HTML text and quoted attributes. Control characters become visible: ESC is
 * shown as ␛, a direction override as `\u202e`.
 */
export function esc(value: unknown): string {
  const string = String(value);
  if (PLAIN.test(string)) return string;
  return string.replace(HIDDEN, showHidden).replace(SPECIAL, escapeSpecial);
}

/** Escapes a string that keeps its line breaks and tabs, such as a stack trace. */
export function escLines(value: unknown): string {
  return String(value).replace(HIDDEN_IN_LINES, showHidden).replace(SPECIAL, escapeSpecial);
}

/** Escapes what a terminal would obey, hide or reorder, except line breaks and tabs. */
export function escapeControls(text: string): string {
  return text.replace(HIDDEN_IN_LINES, escapeCode);
}

/** Shortens a string to 4 kB, and says how much is missing. */
export function shorten(string: string, length = MAX_SHOWN_LENGTH): string {
  if (string.length <= length) return string;
  return `${string.slice(0, length)}… (${string.length - length} more characters)`;
}

/** Returns an attribute with a leading space, or nothing when its value is undefined or false. */
export function attr(name: string, value: string | number | boolean | undefined): string {
  if (value === undefined || value === false) return '';
  return value === true ? ` ${name}` : ` ${name}="${esc(value)}"`;
}

function escapeSpecial(character: string): string {
  return ESCAPES[character] ?? character;
}

function showHidden(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // The Unicode block "Control Pictures" has a symbol for each ASCII control.
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return '\u2421';
  return escapeCode(character);
}

function escapeCode(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
