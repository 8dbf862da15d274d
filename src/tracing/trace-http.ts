import { context, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/api-logs';
import type { Context, MiddlewareHandler } from 'hono';
import { answerWithTrace } from './answer-with-trace.ts';
import { type ExceptionSignal, exceptionRecorder } from './exception.ts';
import { extractContext } from './extract-context.ts';
import { followRequest } from './follow-request.ts';
import type { OptIn } from './opt-in.ts';
import { outerServerSpan } from './outer-span.ts';
import { createRedactor } from './redact.ts';
import { countRequest } from './request-so-far.ts';
import { whenResponseEnds } from './response-end.ts';
import { safely } from './safely.ts';
import type { SensitiveNames } from './sensitive-names.ts';
import { serverEnv } from './server-env.ts';
import { requestStarter } from './start-request.ts';

export interface TraceHttpOptions {
  /**
   * Requests that get no span and no metrics; a caller's context is still passed on. Asked before
   * anything else is done, so that probes stay cheap: `(c) => c.req.path === '/healthz'`. Default: none.
   */
  readonly exclude?: (c: Context) => boolean;
  /** Peers whose `Forwarded` and `X-Forwarded-*` headers count. Default: none. */
  readonly trustProxy?: (address: string) => boolean;
  /** Where exceptions are recorded. Default: `span`, as an event. */
  readonly exceptions?: ExceptionSignal;
  /** Methods that keep their name; any other is `_OTHER`. Default: RFC 9110, PATCH and QUERY. */
  readonly knownMethods?: readonly string[];
  /** What the conventions leave to choice. Default: nothing. */
  readonly optIn?: OptIn;
  /**
   * Adds the names of before 1.23 to those of today, `http.url` to `url.path`, on spans, and the
   * histogram `http.server.duration` in milliseconds: what `OTEL_SEMCONV_STABILITY_OPT_IN=http/dup`
   * asks for. That histogram has the name of the host, which is as good as a client's word: put a
   * proxy in front that checks it. Default: false.
   */
  readonly oldNames?: boolean;
  /**
   * Tells clients which span was theirs: pages by `Server-Timing: trace;desc="00-…"`, which their
   * scripts can read, anything else by `traceresponse: 00-…`; and lets `requestSoFar()` tell handlers.
   * Default: false.
   */
  readonly exposeTrace?: boolean;
  /**
   * Query parameters and headers whose values are recorded as `REDACTED`, in addition to those whose
   * names say so, such as `token`, `apiKey` and `x-session-id`. Default: none.
   */
  readonly sensitiveNames?: SensitiveNames;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
  /** Where exceptions go as log records. Default: the global one. */
  readonly loggerProvider?: LoggerProvider;
}

const KNOWN_METHODS = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
] as const;

/** Requests that are traced already: the middleware may stand in an app and in its sub-applications. */
const traced = new WeakSet<Context>();

/**
 * Traces and measures HTTP requests: one SERVER span and one duration each.
 *
 * Goes first in the chain: `app.use(traceHttp())`. A span that the runtime or another
 * instrumentation has made for the request already is enriched in place of making a second. The span
 * ends when the response has been sent or the client has gone, not when the handler returns.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 */
export function traceHttp(options: TraceHttpOptions = {}): MiddlewareHandler {
  const { exclude, exposeTrace = false } = options;
  const known = new Set<string>(options.knownMethods ?? KNOWN_METHODS);
  const startRequest = requestStarter(options);
  const recordException = exceptionRecorder(
    options.exceptions ?? 'span',
    createRedactor(options.sensitiveNames),
    options.loggerProvider,
  );

  return async function traceHttp(c, next) {
    const env = serverEnv(c);
    if (exclude !== undefined && safely(() => exclude(c))) {
      const extracted = extractContext(c, env);
      return extracted === context.active() ? next() : context.with(extracted, next);
    }
    if (traced.has(c)) return next();
    traced.add(c);

    const method = known.has(c.req.method) ? c.req.method : '_OTHER';
    const outer = outerServerSpan(env);
    if (outer !== undefined) {
      const spanContext = exposeTrace ? countRequest(context.active()) : context.active();
      const request = { ...outer, spanContext, method, labels: {} };
      await followRequest(c, next, request, recordException);
      if (exposeTrace) safely(() => answerWithTrace(c, outer.span));
      return;
    }

    const request = safely(() => startRequest(c, env, method));
    if (request === undefined) return next();
    try {
      await followRequest(c, next, request, recordException);
    } catch (thrown) {
      request.answered();
      request.end();
      throw thrown;
    }
    if (exposeTrace) safely(() => answerWithTrace(c, request.span));
    const isWatched = safely(() => {
      request.answered(c.res);
      whenResponseEnds(c, env, request.end);
      return true;
    });
    // Such as a body that somebody reads already.
    if (!isWatched) request.end();
  };
}
