import { context } from '@opentelemetry/api';
import type { Context, MiddlewareHandler, Next } from 'hono';
import {
  type ActiveRequest,
  ownMiddleware,
  releaseRequest,
  setActiveRequest,
} from '../active-request.ts';
import { createExceptionRecorder } from '../exception.ts';
import { createRedactor } from '../redact.ts';
import { startRequestStats } from '../request-stats.ts';
import { safely } from '../safely.ts';
import { KNOWN_METHODS } from '../semconv/http-method.ts';
import { adoptServerSpan } from './existing-server-span.ts';
import { extractContext } from './extract-context.ts';
import { connectionOf, findMountPath, outerRequest } from './nested-request.ts';
import type { OptInRecorder } from './opt-in/index.ts';
import type { TraceHttpOptions } from './options.ts';
import { onResponseEnd } from './response-end.ts';
import { hasResponse, runHandlers, runMountedApp, type StartedRequest } from './run-handlers.ts';
import { createSdkCheck } from './sdk-check.ts';
import { type ServerEnv, serverEnv } from './server-env.ts';
import { createServerSpanFactory } from './server-span.ts';

/**
 * Marks requests already traced: an app and its sub-applications may all use the middleware. A WeakSet
 * would cost more, most of it in the garbage collector.
 */
const TRACED = Symbol('hono-opentelemetry: traced');
type TracedContext = Context & { [TRACED]?: boolean };

/** Environment of requests that handlers make: it is that of the outer request, if any. */
const NO_SERVER: ServerEnv = {};

/**
 * Creates a middleware that records a SERVER span and a duration for each HTTP request.
 *
 * Register it first. If the runtime or another instrumentation has already started a span for the
 * request, that span is enriched instead. The span ends when the response has been sent or the client
 * has disconnected, not when the handler returns.
 *
 * A traced app that is mounted by another traced app shares the span of the request, and its route
 * follows the mount point. A request that a handler makes by `app.request()` gets an INTERNAL span below
 * the handler's span, and no duration. That of an excluded request is in the caller's trace, if there is one.
 *
 * With a status of 500 or more, `error.type` is the class of the exception, or the status without an
 * exception. If the response is not sent completely, it is the class of the exception that interrupted
 * it, or `client_disconnected`. Server-sent events are an exception: they end when clients disconnect.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { traceHttp } from 'hono-opentelemetry';
 *
 * const app = new Hono();
 * app.use(traceHttp({ exclude: ['/healthz'] }));
 * app.get('/hello/:name', (c) => c.text(`Hello ${c.req.param('name')}`));
 * ```
 */
export function traceHttp(options: TraceHttpOptions = {}): MiddlewareHandler {
  const { onRequest, onResponse, traceResponse = false } = options;
  const isExcluded = createExclusion(options.exclude);
  const known = new Set(options.knownMethods ?? KNOWN_METHODS);
  const recordException = createExceptionRecorder(
    options.exceptions ?? 'span',
    createRedactor(options.sensitiveNames),
    options.loggerProvider,
  );
  const startServerSpan = createServerSpanFactory(options, recordException);
  const loading = loadOptIn(options);
  const hasNoSdk = createSdkCheck(options, loading !== undefined);

  const middleware: MiddlewareHandler = async function traceHttp(c, next) {
    if ((isExcluded !== undefined && safely(() => isExcluded(c))) || hasNoSdk()) {
      await passOn(c, next);
      return;
    }
    if ((c as TracedContext)[TRACED]) {
      await next();
      return;
    }
    (c as TracedContext)[TRACED] = true;
    const outer = outerRequest(c);
    const mountPath = outer && safely(() => findMountPath(outer, c));
    if (outer && mountPath !== undefined && !outer.isExcluded) {
      return runMountedApp(c, next, outer, mountPath);
    }
    // A mounted app records what only the app above it excludes.
    const isInner = outer !== undefined && mountPath === undefined;
    const env = isInner ? NO_SERVER : serverEnv(c);

    const optIn = loading && (await loading);
    const method = known.has(c.req.method) ? c.req.method : '_OTHER';
    const stats = outer?.stats ?? (traceResponse ? startRequestStats() : undefined);
    const connection = connectionOf(serverEnv(c));
    const active: ActiveRequest = { c, connection, mountPath: '/', stats };
    const request = safely(
      () =>
        (isInner ? undefined : adoptServerSpan(c, active, env, method, recordException, optIn)) ??
        startServerSpan(c, active, env, method, isInner, optIn),
    );
    if (request === undefined) {
      await next();
      return;
    }
    if (onRequest) safely(() => onRequest(request.span, c));
    try {
      await runHandlers(next, request);
    } finally {
      // The response of an inner request goes to its caller, not to a client.
      if (!isInner && hasResponse(c, active)) safely(() => optIn?.onSend(c, env, request.span));
      completeRequest(request, env, onResponse);
    }
  };
  ownMiddleware.add(middleware);
  return middleware;
}

/** Records the response, and ends the span when the response has been sent. */
function completeRequest(
  request: StartedRequest,
  env: ServerEnv,
  onResponse: TraceHttpOptions['onResponse'],
): void {
  const isCompleted = safely(() => {
    const isFinal = hasResponse(request.c, request.active);
    if (isFinal) {
      safely(() => request.onResponse());
      if (onResponse) safely(() => onResponse(request.span, request.c));
    }
    if (request.endsWithResponse) {
      onResponseEnd(request, env, isFinal);
    } else {
      // The owner of the span ends it. The status of a missing response is left to record.
      if (!isFinal) request.end();
      releaseRequest(request.active);
    }
    return true;
  });
  if (!isCompleted) request.end();
}

function createExclusion(
  exclude: TraceHttpOptions['exclude'],
): ((c: Context) => boolean) | undefined {
  if (exclude === undefined || typeof exclude === 'function') return exclude;
  return ({ req: { path } }) =>
    exclude.some((each) => (typeof each === 'string' ? each === path : path.search(each) !== -1));
}

/** Loads what only some options need, so that it costs nothing otherwise. */
function loadOptIn(options: TraceHttpOptions): Promise<OptInRecorder | undefined> | undefined {
  const isNeeded =
    options.optIn ||
    options.captureRequestHeaders ||
    options.captureResponseHeaders ||
    options.startAttributes ||
    options.semconv === 'dup' ||
    options.traceResponse;
  if (!isNeeded) return undefined;
  return import('./opt-in/index.ts').then(({ createOptInRecorder }) =>
    safely(() => createOptInRecorder(options)),
  );
}

/**
 * Runs the rest of the chain without a span, in the context of the caller. Requests that its handlers
 * make find the excluded one in that context, and count as inner requests.
 */
async function passOn(c: Context, next: Next): Promise<void> {
  if (outerRequest(c) !== undefined) return next();
  const env = serverEnv(c);
  const active: ActiveRequest = {
    c,
    connection: connectionOf(env),
    mountPath: '/',
    stats: undefined,
    isExcluded: true,
  };
  await context.with(setActiveRequest(extractContext(c, env), active), next);
  releaseRequest(active);
}
