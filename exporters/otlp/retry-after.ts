import { asList, asNumber, asObject, asText } from './json-values.ts';
import { decodeMessage, RETRY_INFO, RPC_STATUS } from './protobuf/index.ts';

/** The longest form of a date has 33 characters. Bun's `Date.parse()` takes quadratic time for some texts. */
const MAX_DATE_LENGTH = 64;

/**
 * Returns the delay that a `Retry-After` header requests, in milliseconds. The header has seconds or a
 * date; the result is undefined if it has neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-retry-after
 */
export function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  if (header.length > MAX_DATE_LENGTH) return undefined;
  const millis = Date.parse(header) - Date.now();
  return Number.isNaN(millis) ? undefined : millis;
}

/** The longest `google.protobuf.Duration` that is valid: 10,000 years. */
const MAX_SECONDS = 315_576_000_000;
const MAX_NANOS = 999_999_999;

/**
 * Returns the delay that a gRPC server requests before a retry, in milliseconds.
 *
 * It is 0 if the `RetryInfo` has no valid, positive delay, and undefined without a `RetryInfo`.
 *
 * @param details the `google.rpc.Status` of `grpc-status-details-bin`
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling
 */
export function parseRetryInfo(details: Uint8Array): number | undefined {
  const info = findRetryInfo(details);
  if (info === undefined) return undefined;
  try {
    const { retryDelay } = decodeMessage(info, RETRY_INFO);
    const { seconds, nanos } = asObject(retryDelay);
    const [wholeSeconds, rest] = [asNumber(seconds), asNumber(nanos)];
    const isValid = Math.abs(wholeSeconds) <= MAX_SECONDS && Math.abs(rest) <= MAX_NANOS;
    return isValid ? Math.max(0, wholeSeconds * 1_000 + rest / 1e6) : 0;
  } catch {
    return 0;
  }
}

function findRetryInfo(details: Uint8Array): Uint8Array | undefined {
  try {
    for (const detail of asList(decodeMessage(details, RPC_STATUS).details)) {
      const { typeUrl, value } = asObject(detail);
      if (!asText(typeUrl).endsWith('/google.rpc.RetryInfo')) continue;
      return value instanceof Uint8Array ? value : new Uint8Array();
    }
  } catch {
    // The details are not valid protobuf.
  }
  return undefined;
}
