import { type Attributes, type Context, context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext, Next } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { errorType, type RecordException, setError } from './exception.ts';
import { matchedRoute } from './matched-route.ts';
import { safely } from './safely.ts';

/** One request on its way through the handlers. */
export interface TracedRequest {
  readonly span: Span;
  /** Active while the handlers run. */
  readonly spanContext: Context;
  /** As the span's name has it: known, or `_OTHER`. */
  readonly method: string;
  /** Attributes of the metric that only the end tells: route, status, error type. */
  readonly labels: Attributes;
}

/** `{method} {route}`, else `{method}`; a method that is not known is called HTTP. */
export function spanName(method: string, route?: string): string {
  const name = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined ? name : `${name} ${route}`;
}

/**
 * Runs the rest of the chain and writes what came of it on the span and into the labels.
 *
 * @throws what Hono has not turned into an answer yet: a value that is no `Error`, or what the
 * handler for unknown paths threw
 */
export async function followRequest(
  c: HonoContext,
  next: Next,
  request: TracedRequest,
  recordException: RecordException,
): Promise<void> {
  try {
    await context.with(request.spanContext, next);
  } catch (thrown) {
    const status = thrown instanceof HTTPException ? thrown.status : undefined;
    safely(() => writeOutcome(c, request, status, { thrown }, recordException));
    throw thrown;
  }
  const failure = c.error && { thrown: c.error };
  safely(() => writeOutcome(c, request, c.res.status, failure, recordException));
}

function writeOutcome(
  c: HonoContext,
  { span, spanContext, method, labels }: TracedRequest,
  status: number | undefined,
  failure: { readonly thrown: unknown } | undefined,
  recordException: RecordException,
): void {
  if (status !== undefined) labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  const route = routeOnSpan(span) ?? matchedRoute(c);
  if (route !== undefined) {
    labels[ATTR_HTTP_ROUTE] = route;
    span.setAttribute(ATTR_HTTP_ROUTE, route);
    span.updateName(spanName(method, route));
  }
  // A thrown 4xx is the client's mistake, as a returned one is.
  if (status !== undefined && status < 500) return;
  const type = failure === undefined ? String(status) : errorType(failure.thrown);
  labels[ATTR_ERROR_TYPE] = type;
  setError(span, type);
  if (failure !== undefined) recordException(span, failure.thrown, spanContext);
}

/** A route that somebody set on purpose. The API cannot read a span, the SDK's spans can be read. */
function routeOnSpan(span: Span): string | undefined {
  const route = (span as { attributes?: Attributes }).attributes?.[ATTR_HTTP_ROUTE];
  return typeof route === 'string' ? route : undefined;
}
