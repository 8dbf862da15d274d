import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Context } from 'hono';
import type { ExceptionSignal } from '../exception.ts';
import type { ExceptionLoggerProvider } from '../log-record.ts';
import type { SemconvMode } from '../semconv/legacy.ts';
import type { SensitiveNames } from '../sensitive-names.ts';
import type { OptIn } from './opt-in.ts';
import type { ProxyTrust } from './resolve-request.ts';

/** Options of `traceHttp()`. All of them are optional. */
export interface TraceHttpOptions extends ProxyTrust {
  /**
   * Returns true for requests that get no span and no metrics, such as health probes:
   * `(c) => c.req.path === '/healthz'`. The caller's context is still propagated.
   * @default no request
   */
  readonly exclude?: (c: Context) => boolean;
  /**
   * The signal that carries exceptions.
   * @default 'span', as an event
   */
  readonly exceptions?: ExceptionSignal;
  /**
   * Methods that are recorded by name. Any other is recorded as `_OTHER`.
   * @default the methods of RFC 9110, PATCH and QUERY
   */
  readonly knownMethods?: readonly string[];
  /**
   * Opt-in attributes and metrics of the semantic conventions.
   * @default none
   */
  readonly optIn?: OptIn;
  /**
   * `dup` adds the attribute names of semantic conventions 1.20 (`http.url` in addition to `url.path`)
   * and the histogram `http.server.duration` in milliseconds, like
   * `OTEL_SEMCONV_STABILITY_OPT_IN=http/dup`.
   * @default 'stable'
   * @see https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/
   */
  readonly semconv?: SemconvMode;
  /**
   * Sends the span's context to the client. Pages get `Server-Timing: trace;desc="00-..."`, which
   * scripts can read; other responses get `traceresponse: 00-...`. Also enables `getRequestStats()`.
   * @default false
   */
  readonly traceResponse?: boolean;
  /**
   * Query parameters and headers whose values are recorded as `REDACTED`, in addition to names such
   * as `token`, `apiKey` and `x-session-id`.
   * @default none
   */
  readonly sensitiveNames?: SensitiveNames;
  /** @default the global tracer provider */
  readonly tracerProvider?: TracerProvider;
  /** @default the global meter provider */
  readonly meterProvider?: MeterProvider;
  /**
   * Receives exceptions as log records, if `exceptions` asks for them.
   * @default the global logger provider of `@opentelemetry/api` (1.10) or `@opentelemetry/api-logs`
   */
  readonly loggerProvider?: ExceptionLoggerProvider;
}
