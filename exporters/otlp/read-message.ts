import { readBytes } from './protobuf-reader.ts';

/**
 * Returns the reason that a server gives for a failure: the message of the `google.rpc.Status` in the
 * body, or the plain text of a proxy. Returns an empty string if there is none.
 * @param contentType in lower case, without parameters
 * @see https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function readMessage(contentType: string, body: Uint8Array): string {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    if (contentType === 'text/plain' || contentType === '') return decoder.decode(body);
    if (contentType === 'application/json') {
      const { message } = JSON.parse(decoder.decode(body));
      return typeof message === 'string' ? message : '';
    }
    if (contentType === 'application/x-protobuf') {
      return decoder.decode(readBytes(body, 2));
    }
  } catch {
    // The body does not match its content type.
  }
  return '';
}
