import { type Attributes, type Context, context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext, Next } from 'hono';
import {
  type ActiveRequest,
  failureOf,
  releaseRequest,
  setActiveRequest,
} from '../active-request.ts';
import { errorType, type RecordException, setError, statusOfHttpException } from '../exception.ts';
import { safely } from '../safely.ts';
import { spanName } from '../semconv/http-method.ts';
import { routeOf } from './nested-request.ts';
import type { PendingRequest } from './response-end.ts';
import { readHeader, serverEnv } from './server-env.ts';

/** A request while it is handled. */
export interface TracedRequest {
  readonly c: HonoContext;
  readonly active: ActiveRequest;
  readonly span: Span;
  /** The context in which the handlers run. */
  readonly spanContext: Context;
  /** The method in the span's name: a known one, or `_OTHER`. */
  readonly method: string;
  /** Name of the span when it was started, if known. */
  readonly firstName?: string | undefined;
  /** True if the owner of the span sets `error.type`: Deno would record the attribute twice. */
  readonly errorTypeSetByOwner: boolean;
  /** Attributes of the metric that are known at the end: route, status, error type. */
  readonly outcome: Attributes;
}

/** A request with a span to complete. */
export interface StartedRequest extends TracedRequest, PendingRequest {
  /** True if the span is ended with the response, false if its owner ends it. */
  readonly endsWithResponse: boolean;
  /** Records the response that the handlers have returned. Its body may not be sent yet. */
  onResponse(): void;
}

/** Runs the rest of the chain in the request's context, and keeps the exception that it throws. */
export async function runHandlers(
  next: Next,
  { active, spanContext }: Pick<TracedRequest, 'active' | 'spanContext'>,
): Promise<void> {
  try {
    await context.with(spanContext, next);
  } catch (thrown) {
    active.escaped = { thrown };
    throw thrown;
  }
}

/** Runs a traced app mounted by another traced app. The request keeps its span, and the routes join. */
export async function runMountedApp(
  c: HonoContext,
  next: Next,
  outer: ActiveRequest,
  mountPath: string,
): Promise<void> {
  const { connection, stats } = outer;
  const active: ActiveRequest = { c, connection, mountPath, stats };
  await runHandlers(next, { active, spanContext: setActiveRequest(context.active(), active) });
  safely(() => {
    outer.mountedRoute = routeOf(c, active) ?? outer.mountedRoute;
    outer.mountedFailure = failureOf(c, active) ?? outer.mountedFailure;
    releaseRequest(active);
  });
}

/** Returns true if Hono has a response for the server. Otherwise reading `c.res` would create one. */
export function hasResponse(c: HonoContext, { escaped }: ActiveRequest): boolean {
  return c.finalized && escaped === undefined;
}

/** Returns the status that the server will send. */
export function expectedStatus(c: HonoContext, active: ActiveRequest): number {
  if (hasResponse(c, active)) {
    const { status } = c.res;
    if (status === 200 && isUpgraded(c)) return 101;
    // A server cannot send `Response.error()`, which has status 0, or a value that is not a response.
    return status >= 200 || status === 101 ? status : 500;
  }
  // Servers respond to other exceptions with 500.
  return statusOfHttpException(active.escaped?.thrown) ?? 500;
}

/**
 * Returns true if Hono's WebSocket helper has accepted the connection. The server sends the response with
 * status 101: on Node and Bun, the helper returns an empty one with status 200.
 */
function isUpgraded(c: HonoContext): boolean {
  const upgrade = readHeader(c, serverEnv(c), 'upgrade');
  return upgrade?.toLowerCase() === 'websocket' && c.res.body === null;
}

/** Records the route, the status and the error of a response on the span and in `outcome`. */
export function recordResponse(
  { c, active, span, spanContext, method, firstName, outcome, errorTypeSetByOwner }: TracedRequest,
  status: number,
  recordException: RecordException,
): void {
  outcome[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  const route = routeOnSpan(span) ?? routeOf(c, active);
  if (route !== undefined) {
    outcome[ATTR_HTTP_ROUTE] = route;
    span.setAttribute(ATTR_HTTP_ROUTE, route);
    const { name } = span as { name?: string };
    // The app set any other name by `updateName()`.
    if (name === undefined || name === firstName) span.updateName(spanName(method, route));
  }
  // A 4xx status is the client's error, also if it was thrown.
  if (status < 500 || outcome[ATTR_ERROR_TYPE] !== undefined) return;
  const failure = failureOf(c, active);
  const type = failure === undefined ? String(status) : errorType(failure.thrown, c.req.raw);
  outcome[ATTR_ERROR_TYPE] = type;
  if (!errorTypeSetByOwner) setError(span, type);
  if (failure !== undefined) recordException(span, failure.thrown, type, spanContext);
}

/** Returns the route that the app set on the span. Only the SDK's spans are readable. */
function routeOnSpan(span: Span): string | undefined {
  const route = (span as { attributes?: Attributes }).attributes?.[ATTR_HTTP_ROUTE];
  return typeof route === 'string' ? route : undefined;
}
