import { redactUrls } from '../../tracing/index.ts';

/** UTF-16 units of a text; a stack trace fits. */
const MAX_LENGTH = 4_096;

// Controls but for those of stack traces, characters that change directions or are not seen, half a
// surrogate pair, line separators: JSON leaves most of them as they are, for a terminal to obey.
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const CREDENTIALS = /\b([a-z][a-z\d+.-]{0,20}:\/\/)[^/?#@\s]*@/gi;

/**
 * A text of a stranger's that may stand in telemetry: cut, of printable characters, and with
 * `REDACTED` for the secrets in URLs, wherever in it they are.
 */
export function cleanText(text: string, maxLength = MAX_LENGTH): string {
  const printable = text.slice(0, maxLength).replace(UNPRINTABLE, '\ufffd');
  return redactUrls(printable.replace(CREDENTIALS, '$1REDACTED:REDACTED@')).slice(0, maxLength);
}
