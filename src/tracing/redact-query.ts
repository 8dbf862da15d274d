/**
 * Query parameters whose values never stand in a span.
 *
 * The first line is the HTTP semantic conventions' list (`url.query`, signatures of storage
 * services), the second what else is a secret by its name.
 */
const SECRETS =
  'X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|sig|X-Goog-Signature|AWSAccessKeyId|Signature|' +
  'token|access_token|refresh_token|id_token|jwt|api_key|apikey|client_secret|secret|session|password';

const IN_QUERY = new RegExp(`((?:^|&)(?:${SECRETS})=)[^&]*`, 'g');
const IN_TEXT = new RegExp(`([?&#](?:${SECRETS})=)[^&#\\s]*`, 'g');

/** Replaces secret values with `REDACTED`, keeps keys and order; names match case-sensitively. */
export function redactQuery(query: string): string {
  return query.replace(IN_QUERY, '$1REDACTED');
}

/** The same in the queries and fragments of URLs, wherever in a text they stand. */
export function redactUrls(text: string): string {
  return text.replace(IN_TEXT, '$1REDACTED');
}
