/** Parts of sensitive names, without separators: `accesskey` is in `AWSAccessKeyId`. */
const PARTS = (
  'token secret passw passphrase passcode pwd credential signature session sessid cookie jwt saml ' +
  'assertion bearer csrf xsrf hmac dpop verifier accesskey accessid apikey keypairid signedrequest'
).split(' ');
/** Whole words of sensitive names: `sig` is a word of `q-sig`, not of `signal`. */
const WORDS =
  'sig sign sid sess creds otp totp hotp mfa pin pass pw mac ticket nonce cvv cvc ssn tk tkn wresult'.split(
    ' ',
  );

// `auth` in any form, but neither `author` nor `authority`; what ends with `key` or `key2`; `code` as the last word.
const IN_NAME = new RegExp(`${PARTS.join('|')}|auth(?!or(?!i[sz]))|key(?:id)?\\d*$`);
const IN_WORDS = new RegExp(`(?:^|-)(?:${WORDS.join('|')})(?:-|$)|(?:^|-)code$`);

/**
 * A quick test that matches every string with a name that could be sensitive. It contains the beginnings of
 * all parts and words, and any escape of a letter, digit or separator, which could hide one.
 */
export const MAYBE_SENSITIVE: RegExp = new RegExp(
  `${[...new Set([...PARTS.map((part) => part.slice(0, 4)), ...WORDS, 'auth', 'key', 'code', 'basic'])].join('|')}|eyJ|@|%(?:2[356df]|3[\\dbdf]|[4-7])`,
  'i',
);

const ESCAPE = /%(?:25){0,5}([\da-f]{2})/gi;

/**
 * Names of query parameters and headers. Strings match in any spelling; patterns match anywhere in the
 * name.
 */
export type SensitiveNames = readonly (string | RegExp)[];

/**
 * Creates a test for names of query parameters and headers whose values may be secrets.
 *
 * Spelling does not matter: `apiKey`, `API-KEY`, `api_key`, `%61pi.key` and `user[apikey]` are equal.
 * The list errs on the safe side: it includes the list of the HTTP semantic conventions.
 */
export function createNameTest(more: SensitiveNames = []): (name: string) => boolean {
  const patterns = more.filter((each) => each instanceof RegExp);
  const names = new Set(
    more.filter((each) => typeof each === 'string').map((each) => joinWords(splitWords(each))),
  );
  const hasMore = more.length > 0;
  return function isSensitive(name) {
    if (!hasMore && !MAYBE_SENSITIVE.test(name)) return false;
    const decoded = name.includes('%') ? name.replace(ESCAPE, decodeByte) : name;
    const words = splitWords(decoded);
    const joined = joinWords(words);
    return (
      IN_NAME.test(joined) ||
      IN_WORDS.test(words) ||
      names.has(joined) ||
      patterns.some((pattern) => decoded.search(pattern) !== -1)
    );
  };
}

/** Returns `access-token` for `accessToken` and `Access_Token`. */
function splitWords(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-');
}

function joinWords(words: string): string {
  return words.replaceAll('-', '');
}

function decodeByte(_escape: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
