/** The reason why an export failed, as data. `describeFailure()` turns it into a message. */
export interface ExportFailure {
  /**
   * - `connection`: no response. `code` and `message` are those of the error.
   * - `timeout`: no complete response within `timeoutMillis`. `status` is set if the response had begun.
   * - `http`: an HTTP response that is not a success of OTLP, with at least `status`.
   * - `grpc`: a gRPC response with a `grpcCode` other than 0.
   * - `oversized-response`: a response that is too long for OTLP.
   * - `unencodable`, `shut-down`, `too-many-exports`: the records were not sent.
   */
  readonly kind:
    | 'connection'
    | 'timeout'
    | 'http'
    | 'grpc'
    | 'oversized-response'
    | 'unencodable'
    | 'shut-down'
    | 'too-many-exports';
  /** Status of the HTTP response. */
  readonly status?: number | undefined;
  /** Status code of gRPC. */
  readonly grpcCode?: number | undefined;
  /** Error code of the system, of TLS or of HTTP: `ECONNREFUSED`. */
  readonly code?: string | undefined;
  /** Message of the server, sanitized, or of the error of a connection. */
  readonly message?: string | undefined;
  /** Content type of the HTTP response, in lower case, without parameters. */
  readonly contentType?: string | undefined;
  /** Target of a redirect: an absolute URL without credentials and query. */
  readonly location?: string | undefined;
  /** The delay that the server requests before a retry. */
  readonly retryAfterMillis?: number | undefined;
  readonly timeoutMillis?: number | undefined;
}

const RETRYABLE =
  /\b(?:EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)\b/;

/** Returns the failure of an export whose connection had this error. */
export function connectionFailure(error: unknown): ExportFailure {
  const { code, message = error } = Object(error) as { code?: unknown; message?: unknown };
  return {
    kind: 'connection',
    ...(code !== undefined && { code: String(code) }),
    message: String(message),
  };
}

/**
 * Returns whether a retry may succeed after a connection failed: not after a rejected certificate.
 *
 * If an HTTP/1.1 server responds to gRPC and closes the connection, Deno reports EPIPE before it reads
 * the response, so it retries. Node and Bun report the response.
 */
export function isRetryable(failure: ExportFailure): boolean {
  return RETRYABLE.test(errorText(failure));
}

/** Returns code and message. Errors of HTTP/2 have the code of the cause in their message only. */
export function errorText({ code = '', message = '' }: ExportFailure): string {
  return `${code} ${message}`.trim();
}
