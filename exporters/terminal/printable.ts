const ASCII = /^[ -~]*$/;
// Controls, invisible and direction-changing characters, half a surrogate pair, line separators;
// but not the joiner that holds emoji together.
const UNPRINTABLE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_IN_LINES = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Escapes what a terminal would obey, hide or reorder, as JSON does: a newline becomes `\n`, ESC
 * `\u001b`. Everything that the program prints goes through this function or `printableLines()`.
 */
export function printable(text: string): string {
  return ASCII.test(text) ? text : text.replace(UNPRINTABLE, escapeCharacter);
}

/** Does the same for a text of several lines, such as a stack trace or indented JSON. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_IN_LINES, escapeCharacter);
}

/** One escape for each UTF-16 unit: JSON has no longer ones. */
function escapeCharacter(character: string): string {
  return NAMED[character] ?? character.split('').map(escapeUnit).join('');
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
