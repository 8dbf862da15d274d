import { context } from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { exceptionRecorder } from '../exception.ts';
import { createRedactor } from '../redact.ts';
import { startRequestStats } from '../request-stats.ts';
import { safely } from '../safely.ts';
import { type ActiveRequest, setActiveRequest } from './active-request.ts';
import { outerServerSpan } from './existing-server-span.ts';
import { extractContext } from './extract-context.ts';
import { findMountPath, outerRequest } from './nested-request.ts';
import type { TraceHttpOptions } from './options.ts';
import { whenResponseEnds } from './response-end.ts';
import {
  expectedStatus,
  followMounted,
  followRequest,
  isAnswered,
  writeOutcome,
} from './run-handlers.ts';
import { type ServerEnv, serverEnv } from './server-env.ts';
import { requestStarter } from './server-span.ts';
import { answerWithTrace } from './trace-response.ts';

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
