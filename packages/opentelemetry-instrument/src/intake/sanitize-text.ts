/** Maximum length in UTF-16 units, enough for a stack trace. */
const MAX_LENGTH = 4_096;

// JSON does not escape most of these, so a terminal would interpret them: control characters
// (except line feed and tab), invisible and bidirectional characters, lone surrogates, line
// separators.
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Truncates an untrusted string and replaces its unprintable characters. */
export function sanitizeText(text: string, maxLength = MAX_LENGTH): string {
  return text.slice(0, maxLength).replace(UNPRINTABLE, '\ufffd');
}
