import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Signal } from 'opentelemetry-instrument-exporters';
import {
  decodeLogRecords,
  decodeMetrics,
  decodeSpans,
  parseExportRequest,
} from 'opentelemetry-instrument-exporters/decode';
import type { TelemetrySink } from '../store/index.ts';

/** Size of a request after decompression: the limit of a Collector's HTTP receiver. */
export const MAX_REQUEST_BYTES = 20 * 1024 * 1024;

/**
 * Value of the `Via` header in requests that a viewer forwards. Viewers that receive them do not forward
 * them again, because two viewers that forward to each other would do so forever.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-via
 */
export const VIA_VIEWER = '1.1 opentelemetry-viewer';

/** Records that were refused although the request was accepted. */
export interface AcceptedExport {
  readonly rejected: number;
  /** Empty if all were kept. */
  readonly errorMessage: string;
}

/** Callbacks of a receiver. */
export interface ReceiverOptions {
  readonly sink: TelemetrySink;
  /** Takes records that another viewer has forwarded. @default sink */
  readonly forwardedSink?: TelemetrySink | undefined;
  /** Takes the number of records, or data points, that cannot be decoded. @default ignores it */
  readonly onRejected?: ((signal: Signal, count: number) => void) | undefined;
}

/** Thrown for a request that is invalid or too large. */
export class RefusedExportError extends Error {
  override readonly name = 'RefusedExportError';
  readonly reason: 'invalid' | 'too-large';

  constructor(reason: 'invalid' | 'too-large', message: string) {
    super(message);
    this.reason = reason;
  }
}

const inflate = promisify(gunzip);

/** Decompresses a body. @throws RefusedExportError */
export async function gunzipBody(body: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(body, { maxOutputLength: MAX_REQUEST_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new RefusedExportError('invalid', 'The request is not valid gzip.');
  }
}

/** Returns the error for a request of too many bytes. */
export function tooLarge(): RefusedExportError {
  const message = `The request is larger than ${MAX_REQUEST_BYTES / 1024 / 1024} MiB.`;
  return new RefusedExportError('too-large', message);
}

/**
 * Decodes an export request and hands its records to the sink.
 * @param via the request's header of this name
 * @throws RefusedExportError
 */
export function acceptExport(
  signal: Signal,
  body: Uint8Array,
  encoding: 'protobuf' | 'json',
  { sink, forwardedSink = sink, onRejected }: ReceiverOptions,
  via = '',
): AcceptedExport {
  const request = parse(signal, body, encoding);
  const isForwarded = via.includes(VIA_VIEWER);
  const outcome = addRecords(signal, request, isForwarded ? forwardedSink : sink);
  if (outcome.undecodable > 0) onRejected?.(signal, outcome.undecodable);
  return outcome;
}

function addRecords(
  signal: Signal,
  request: unknown,
  sink: TelemetrySink,
): AcceptedExport & { readonly undecodable: number } {
  if (signal === 'traces') {
    const { records, rejected, errorMessage } = decodeSpans(request);
    const refused = sink.addSpans(records);
    const limit = refused > 0 ? 'The viewer has too many spans of their trace.' : '';
    return {
      rejected: rejected + refused,
      errorMessage: [errorMessage, limit].filter(Boolean).join(' '),
      undecodable: rejected,
    };
  }
  if (signal === 'logs') {
    const { records, ...outcome } = decodeLogRecords(request);
    sink.addLogs(records);
    return { ...outcome, undecodable: outcome.rejected };
  }
  const { records, ...outcome } = decodeMetrics(request);
  for (const metrics of records) sink.addMetrics(metrics);
  return { ...outcome, undecodable: outcome.rejected };
}

function parse(signal: Signal, body: Uint8Array, encoding: 'protobuf' | 'json'): unknown {
  try {
    return parseExportRequest(signal, body, encoding);
  } catch (error) {
    throw new RefusedExportError('invalid', `The request is not OTLP: ${(error as Error).message}`);
  }
}
