/** Returns the value if it is an object, or else an empty object. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Returns the value if it is an array, or else an empty array. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Maximum length in UTF-16 units, enough for a stack trace. */
const MAX_LENGTH = 4_096;

// JSON does not escape most of these, so a terminal would interpret them. They are control characters
// (except line feed and tab), invisible and bidirectional characters, lone surrogates, line separators.
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Truncates an untrusted string and replaces its unprintable characters. */
export function sanitizeText(text: string, maxLength = MAX_LENGTH): string {
  return text.slice(0, maxLength).replace(UNPRINTABLE, '\ufffd');
}
