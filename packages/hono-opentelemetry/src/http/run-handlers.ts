import { type Attributes, type Context, context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext, Next } from 'hono';
import { errorType, type RecordException, setError } from '../exception.ts';
import { safely } from '../safely.ts';
import { type ActiveRequest, failureOf, setActiveRequest } from './active-request.ts';
import { routeOf } from './nested-request.ts';

/** One request on its way through the handlers. */
export interface TracedRequest {
  readonly active: ActiveRequest;
  readonly span: Span;
  /** Active while the handlers run. */
  readonly spanContext: Context;
  /** As the span's name has it: known, or `_OTHER`. */
  readonly method: string;
  /** Name that the span got when it was made, if it is known. */
  readonly firstName?: string | undefined;
  /** True when the span's maker adds `error.type` by itself, and an attribute counts twice: Deno. */
  readonly isEndTold: boolean;
  /** Attributes of the metric that only the end tells: route, status, error type. */
  readonly labels: Attributes;
}

/** `{method} {route}`, else `{method}`; a method that is not known is called HTTP. */
export function spanName(method: string, route?: string): string {
  const name = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined ? name : `${name} ${route}`;
}

/** Runs the rest of the chain in the request's context, and remembers what it threw. */
export async function followRequest(
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

/** Runs a traced app that another traced app has mounted: one request, one span, one route. */
export async function followMounted(
  c: HonoContext,
  next: Next,
  outer: ActiveRequest,
  mountPath: string,
): Promise<void> {
  const active: ActiveRequest = { c, mountPath, stats: outer.stats };
  await followRequest(next, { active, spanContext: setActiveRequest(context.active(), active) });
  safely(() => {
    outer.mountedRoute = routeOf(active) ?? outer.mountedRoute;
    outer.mountedFailure = failureOf(active) ?? outer.mountedFailure;
  });
}

/** Whether Hono has the response that it will hand to the server. Else `c.res` would make one up. */
export function isAnswered({ c, escaped }: ActiveRequest): boolean {
  return c.finalized && escaped === undefined;
}

/** Returns the status that a server sends for what the handlers left. */
export function expectedStatus(active: ActiveRequest): number {
  if (isAnswered(active)) {
    const { status } = active.c.res;
    // A server cannot send `Response.error()`, which has status 0, or a value that is not a response.
    return status >= 200 || status === 101 ? status : 500;
  }
  const { thrown } = active.escaped ?? {};
  // Hono's error handler asks an `HTTPException` for its response; servers answer the rest with 500.
  const isHttpException = thrown instanceof Error && 'getResponse' in thrown && 'status' in thrown;
  return isHttpException ? Number(thrown.status) : 500;
}

/** Writes on the span and into the labels how a request was answered. */
export function writeOutcome(
  { active, span, spanContext, method, firstName, labels, isEndTold }: TracedRequest,
  status: number,
  recordException: RecordException,
): void {
  labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  const route = routeOnSpan(span) ?? routeOf(active);
  if (route !== undefined) {
    labels[ATTR_HTTP_ROUTE] = route;
    span.setAttribute(ATTR_HTTP_ROUTE, route);
    const { name } = span as { name?: string };
    // Any other name is one that the app chose by `updateName()`.
    if (name === undefined || name === firstName) span.updateName(spanName(method, route));
  }
  // A thrown 4xx is the client's mistake, as a returned one is.
  if (status < 500 || labels[ATTR_ERROR_TYPE] !== undefined) return;
  const failure = failureOf(active);
  const type = failure === undefined ? String(status) : errorType(failure.thrown, active.c.req.raw);
  labels[ATTR_ERROR_TYPE] = type;
  if (!isEndTold) setError(span, type);
  if (failure !== undefined) recordException(span, failure.thrown, type, spanContext);
}

/** A route that somebody set on purpose. The API cannot read a span, the SDK's spans can be read. */
function routeOnSpan(span: Span): string | undefined {
  const route = (span as { attributes?: Attributes }).attributes?.[ATTR_HTTP_ROUTE];
  return typeof route === 'string' ? route : undefined;
}
