import { context } from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { createExceptionRecorder } from '../exception.ts';
import { createRedactor } from '../redact.ts';
import { startRequestStats } from '../request-stats.ts';
import { safely } from '../safely.ts';
import { type ActiveRequest, setActiveRequest } from './active-request.ts';
import { adoptServerSpan } from './existing-server-span.ts';
import { extractContext } from './extract-context.ts';
import { findMountPath, outerRequest } from './nested-request.ts';
import type { TraceHttpOptions } from './options.ts';
import { onResponseEnd } from './response-end.ts';
import {
  expectedStatus,
  hasResponse,
  recordResponse,
  runHandlers,
  runMountedApp,
} from './run-handlers.ts';
import { type ServerEnv, serverEnv } from './server-env.ts';
import { createServerSpanFactory } from './server-span.ts';
import { setTraceResponseHeaders } from './trace-response.ts';

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

/** Requests already traced: an app and its sub-applications may all use the middleware. */
const traced = new WeakSet<Context>();

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
 * the handler's span, and no duration.
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
 * app.use(traceHttp({ exclude: (c) => c.req.path === '/healthz' }));
 * app.get('/hello/:name', (c) => c.text(`Hello ${c.req.param('name')}`));
 * ```
 */
export function traceHttp(options: TraceHttpOptions = {}): MiddlewareHandler {
  const { exclude, traceResponse = false } = options;
  const known = new Set<string>(options.knownMethods ?? KNOWN_METHODS);
  const recordException = createExceptionRecorder(
    options.exceptions ?? 'span',
    createRedactor(options.sensitiveNames),
    options.loggerProvider,
  );
  const startServerSpan = createServerSpanFactory(options, recordException);

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
    if (outer && mountPath !== undefined) return runMountedApp(c, next, outer, mountPath);

    const method = known.has(c.req.method) ? c.req.method : '_OTHER';
    const stats = outer?.stats ?? (traceResponse ? startRequestStats() : undefined);
    const active: ActiveRequest = { c, mountPath: '/', stats };
    const existing = outer === undefined ? adoptServerSpan(env) : undefined;
    if (existing !== undefined) {
      const spanContext = setActiveRequest(context.active(), active);
      const request = { ...existing, active, spanContext, method, outcome: {} };
      try {
        await runHandlers(next, request);
      } finally {
        safely(() => recordResponse(request, expectedStatus(active), recordException));
      }
      if (traceResponse && hasResponse(active)) {
        safely(() => setTraceResponseHeaders(c, env.outgoing, existing.span));
      }
      return;
    }

    const request = safely(() => startServerSpan(active, env, method, outer !== undefined));
    if (request === undefined) return passOn(next());
    try {
      await runHandlers(next, request);
    } finally {
      const isEnding = safely(() => {
        const isFinal = hasResponse(active);
        if (isFinal) {
          // The response of an inner request goes to its caller, not to a client.
          if (traceResponse && outer === undefined) {
            safely(() => setTraceResponseHeaders(c, env.outgoing, request.span));
          }
          safely(() => request.onResponse());
        }
        onResponseEnd(c, env, isFinal, request.end);
        return true;
      });
      if (!isEnding) request.end();
    }
  };
}

/** Resolves to undefined: Hono resolves `next()` to its context, and would take that as a response. */
async function passOn(rest: Promise<void>): Promise<void> {
  await rest;
}
