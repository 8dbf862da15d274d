import type { Attributes, MeterProvider, Span, TracerProvider } from '@opentelemetry/api';
import type { Context } from 'hono';
import type { ExceptionSignal } from '../exception.ts';
import type { ExceptionLoggerProvider } from '../log-record.ts';
import type { SemconvMode } from '../semconv/legacy.ts';
import type { SensitiveNames } from '../sensitive-names.ts';
import type { ProxyTrust } from './resolve-request.ts';

/**
 * Opt-in attributes and metrics of the HTTP conventions.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export interface OptIn {
  /** Records `client.port`. @default false */
  readonly clientPort?: boolean;
  /** Records body sizes from `Content-Length` as attributes and metrics. @default false */
  readonly bodySizes?: boolean;
  /** Records the metric `http.server.active_requests`. @default false */
  readonly activeRequests?: boolean;
  /** Records `user_agent.synthetic.type`, `bot` or `test`, from the `User-Agent`. @default false */
  readonly syntheticType?: boolean;
}

/** Options of `traceHttp()`. All of them are optional. */
export interface TraceHttpOptions extends ProxyTrust {
  /**
   * Requests that get no span and no metrics, such as health probes: a function that returns true for
   * them, or paths and patterns for paths. The caller's context is still propagated. What the handler
   * requests by `app.request()` gets an INTERNAL span, unless it is excluded as well.
   * @default no request
   */
  readonly exclude?: ((c: Context) => boolean) | readonly (string | RegExp)[];
  /**
   * Called when the span has started, before other handlers run. Set attributes on the span, or set its
   * name by `updateName()`, which is then kept. What it throws is reported to `diag`.
   * @default no hook
   */
  readonly onRequest?: (span: Span, c: Context) => void;
  /**
   * Called when the handlers have responded and the route and the status are recorded. The body may not
   * be sent yet. It is not called if a server creates the response.
   * @default no hook
   */
  readonly onResponse?: (span: Span, c: Context) => void;
  /**
   * Returns attributes that the span has from its start. Samplers see them, but not what `onRequest` sets.
   * An exception of it is reported to `diag`.
   * @default no attributes
   */
  readonly startAttributes?: (c: Context) => Attributes;
  /**
   * Value of `server.address`, instead of the host that the client has sent.
   * @default the host of the request
   */
  readonly serverName?: string;
  /**
   * Request headers to record as `http.request.header.<name>`: names, or patterns for lowercase names.
   * Sensitive headers are recorded as `REDACTED`.
   * @default none
   */
  readonly captureRequestHeaders?: readonly (string | RegExp)[];
  /** Response headers to record as `http.response.header.<name>`. @default none */
  readonly captureResponseHeaders?: readonly (string | RegExp)[];
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
