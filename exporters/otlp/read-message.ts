import { readBytes } from './protobuf-reader.ts';

/**
 * What a server says of its refusal: the message of the `google.rpc.Status` that OTLP makes the body of
 * an answer, or the plain text of whatever stands before a Collector. Empty where it says nothing.
 * @param contentType without parameters
 * @see https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function readMessage(contentType: string, body: Uint8Array): string {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    if (contentType === 'text/plain') return decoder.decode(body);
    if (contentType === 'application/json') {
      const { message } = JSON.parse(decoder.decode(body));
      return typeof message === 'string' ? message : '';
    }
    if (contentType === 'application/x-protobuf') {
      return decoder.decode(readBytes(body, 2));
    }
  } catch {
    // Bytes that are not what they are called say nothing.
  }
  return '';
}
