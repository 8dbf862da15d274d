import { context, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/api-logs';
import type { Context, MiddlewareHandler } from 'hono';
import {
  type ActiveRequest,
  findMountPath,
  outerRequest,
  setActiveRequest,
} from './active-request.ts';
import { answerWithTrace } from './answer-with-trace.ts';
import { type ExceptionSignal, exceptionRecorder } from './exception.ts';
import { extractContext } from './extract-context.ts';
import {
  expectedStatus,
  followMounted,
  followRequest,
  isAnswered,
  writeOutcome,
} from './follow-request.ts';
import type { OptIn } from './opt-in.ts';
import { outerServerSpan } from './outer-span.ts';
import { createRedactor } from './redact.ts';
import { startRequestStats } from './request-so-far.ts';
import type { ProxyTrust } from './resolve-request.ts';
import { whenResponseEnds } from './response-end.ts';
import { safely } from './safely.ts';
import type { SensitiveNames } from './sensitive-names.ts';
import { type ServerEnv, serverEnv } from './server-env.ts';
import { requestStarter } from './start-request.ts';

export interface TraceHttpOptions extends ProxyTrust {
  /**
   * Requests that get no span and no metrics; a caller's context is still passed on. Asked before
   * anything else is done, so that probes stay cheap: `(c) => c.req.path === '/healthz'`. Default: none.
   */
  readonly exclude?: (c: Context) => boolean;
  /** Where exceptions are recorded. Default: `span`, as an event. */
  readonly exceptions?: ExceptionSignal;
  /** Methods that keep their name; any other is `_OTHER`. Default: RFC 9110, PATCH and QUERY. */
  readonly knownMethods?: readonly string[];
  /** What the conventions leave to choice. Default: nothing. */
  readonly optIn?: OptIn;
  /**
   * Adds the names of before 1.23 to those of today, `http.url` to `url.path`, on spans, and the
   * histogram `http.server.duration` in milliseconds: what `OTEL_SEMCONV_STABILITY_OPT_IN=http/dup`
   * asks for. Default: false.
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

/** A request that a handler makes brings nothing from a server but what its outer request brought. */
const NO_SERVER: ServerEnv = {};

/**
 * Traces and measures HTTP requests: one SERVER span and one duration each.
 *
 * Goes first in the chain: `app.use(traceHttp())`. A span that the runtime or another
 * instrumentation has made for the request already is enriched in place of making a second. The span
 * ends when the response has been sent or the client has gone, not when the handler returns.
 *
 * A traced app that another one mounts enriches the span of the whole request, and its route follows
 * the mount point. A request that a handler makes by `app.request()` gets an INTERNAL span below the
 * handler's, whatever headers it passes on, and no duration.
 *
 * `error.type` is the class of the exception behind a response from 500 on, else the status. A
 * response that is not sent whole has the class of what broke it, or `client_disconnected`, except
 * for server-sent events, which have no end but that one.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 */
export function traceHttp(options: TraceHttpOptions = {}): MiddlewareHandler {
  const { exclude, exposeTrace = false } = options;
  const known = new Set<string>(options.knownMethods ?? KNOWN_METHODS);
  const recordException = exceptionRecorder(
    options.exceptions ?? 'span',
    createRedactor(options.sensitiveNames),
    options.loggerProvider,
  );
  const startRequest = requestStarter(options, recordException);

  return async function traceHttp(c, next) {
    const outer = outerRequest(c);
    const env = outer === undefined ? serverEnv(c) : NO_SERVER;
    if (exclude !== undefined && safely(() => exclude(c))) {
      const extracted = outer === undefined ? extractContext(c, env) : context.active();
      return passOn(extracted === context.active() ? next() : context.with(extracted, next));
    }
    if (traced.has(c)) return passOn(next());
    traced.add(c);

    const mountPath = outer && safely(() => findMountPath(outer, c));
    if (outer && mountPath !== undefined) return followMounted(c, next, outer, mountPath);

    const method = known.has(c.req.method) ? c.req.method : '_OTHER';
    const stats = outer?.stats ?? (exposeTrace ? startRequestStats() : undefined);
    const active: ActiveRequest = { c, mountPath: '/', stats };
    const existing = outer === undefined ? outerServerSpan(env) : undefined;
    if (existing !== undefined) {
      const spanContext = setActiveRequest(context.active(), active);
      const request = { ...existing, active, spanContext, method, labels: {} };
      try {
        await followRequest(next, request);
      } finally {
        safely(() => writeOutcome(request, expectedStatus(active), recordException));
      }
      if (exposeTrace && isAnswered(active)) {
        safely(() => answerWithTrace(c, env.outgoing, existing.span));
      }
      return;
    }

    const request = safely(() => startRequest(active, env, method, outer !== undefined));
    if (request === undefined) return passOn(next());
    try {
      await followRequest(next, request);
    } finally {
      const isEnding = safely(() => {
        const hasResponse = isAnswered(active);
        if (hasResponse) {
          // An inner response goes to its caller, not over HTTP.
          if (exposeTrace && outer === undefined) {
            safely(() => answerWithTrace(c, env.outgoing, request.span));
          }
          safely(() => request.answered());
        }
        whenResponseEnds(c, env, hasResponse, request.end);
        return true;
      });
      if (!isEnding) request.end();
    }
  };
}

/** Hono resolves `next()` to its context, and would take that for the response where there is none. */
async function passOn(rest: Promise<void>): Promise<void> {
  await rest;
}
