import { fieldsOf } from './protobuf-fields.ts';

/**
 * Milliseconds after which a gRPC server wants to be asked again; undefined where it does not say.
 * @param details the `google.rpc.Status` of `grpc-status-details-bin`
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling
 */
export function parseRetryInfo(details: Uint8Array): number | undefined {
  try {
    for (const any of fieldsOf(details, 3)) {
      const [type] = fieldsOf(any as Uint8Array, 1);
      if (!new TextDecoder().decode(type as Uint8Array).endsWith('/google.rpc.RetryInfo')) continue;
      const [info = EMPTY] = fieldsOf(any as Uint8Array, 2);
      const [delay = EMPTY] = fieldsOf(info as Uint8Array, 1);
      const [seconds = 0] = fieldsOf(delay as Uint8Array, 1);
      const [nanos = 0] = fieldsOf(delay as Uint8Array, 2);
      return Number(seconds) * 1_000 + Number(nanos) / 1e6;
    }
  } catch {
    // Bytes that are no such message ask for nothing.
  }
  return undefined;
}

const EMPTY = new Uint8Array();
