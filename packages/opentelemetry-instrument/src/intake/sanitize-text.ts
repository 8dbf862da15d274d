/** UTF-16 units of a text; a stack trace fits. */
const MAX_LENGTH = 4_096;

// Controls but for those of stack traces, characters that change directions or are not seen, half a
// surrogate pair, line separators: JSON leaves most of them as they are, for a terminal to obey.
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Cuts an untrusted text and replaces its unprintable characters. */
export function sanitizeText(text: string, maxLength = MAX_LENGTH): string {
  return text.slice(0, maxLength).replace(UNPRINTABLE, '\ufffd');
}
