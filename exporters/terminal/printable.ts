const ASCII = /^[ -~]*$/;
// Control, invisible and direction-changing characters, lone surrogates and line separators, but not the
// zero-width joiner of emoji.
const UNPRINTABLE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_IN_LINES = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Escapes characters that a terminal would interpret, hide or reorder, as in JSON: a newline becomes `\n`,
 * ESC becomes `\u001b`. Everything that the program prints passes this function or `printableLines()`.
 */
export function printable(text: string): string {
  return ASCII.test(text) ? text : text.replace(UNPRINTABLE, escapeCharacter);
}

/** Escapes the same characters, except for newlines and tabs: for stack traces and indented JSON. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_IN_LINES, escapeCharacter);
}

/** Returns an escape for each UTF-16 code unit: JSON has no longer escapes. */
function escapeCharacter(character: string): string {
  return NAMED[character] ?? character.split('').map(escapeUnit).join('');
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
