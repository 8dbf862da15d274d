import type { MeterProvider, TracerProvider } from '@opentelemetry/api';

/** A `fetch()`, such as the global one, that of a test, or `app.request` of Hono. */
export type FetchFunction = (
  input: string | URL | Request,
  init?: RequestInit,
) => Response | Promise<Response>;

/** Options of `traceFetch()`. All of them are optional. */
export interface TraceFetchOptions {
  /**
   * Returns the path template of a URL, such as `/tasks/:id`. It becomes part of the span's name and the
   * attribute `url.template`.
   * @default no template
   */
  readonly template?: (url: URL) => string | undefined;
  /** Returns true for calls that get no span, no metrics and no headers. @default no call */
  readonly exclude?: (url: URL) => boolean;
  /**
   * Returns true for calls that carry the active context in headers such as `traceparent` and `baggage`.
   * Restrict it if baggage must not reach other companies.
   * @default every call
   */
  readonly propagate?: (url: URL) => boolean;
  /**
   * Returns the value of `url.full`. Pass `createRedactor().text` to keep the values of parameters that
   * have no sensitive name.
   * @default removes credentials, the values of all parameters, and JSON Web Tokens
   */
  readonly redactUrl?: (href: string) => string;
  /** @default the global tracer provider */
  readonly tracerProvider?: TracerProvider;
  /** @default the global meter provider */
  readonly meterProvider?: MeterProvider;
}
