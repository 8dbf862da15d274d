import { type Attributes, type Context, context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext, Next } from 'hono';
import { type ExceptionSignal, errorType, recordException, setError } from './exception.ts';
import { matchedRoute } from './matched-route.ts';

/** `{method} {route}`, else `{method}`; a method that is not known is called HTTP. */
export function spanName(method: string, route?: string): string {
  const name = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined ? name : `${name} ${route}`;
}

/**
 * Runs the rest of the chain under `span` and writes what came of it on the span and into `labels`,
 * the metric's attributes: route, status, error type.
 *
 * @throws whatever a handler threw that is no `Error`: Hono handles those only
 */
export async function followRequest(
  c: HonoContext,
  next: Next,
  span: Span,
  spanContext: Context,
  method: string,
  exceptions: ExceptionSignal,
  labels: Attributes,
): Promise<void> {
  const fail = (type: string) => {
    setError(span, type);
    labels[ATTR_ERROR_TYPE] = type;
  };
  try {
    await context.with(spanContext, next);
    const { status } = c.res;
    labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
    // A thrown 4xx is the client's mistake, as a returned one is.
    if (status >= 500) {
      fail(c.error === undefined ? String(status) : errorType(c.error));
      if (c.error !== undefined) recordException(span, c.error, exceptions, spanContext);
    }
  } catch (thrown) {
    fail(errorType(thrown));
    recordException(span, thrown, exceptions, spanContext);
    throw thrown;
  } finally {
    const route = routeOnSpan(span) ?? matchedRoute(c);
    if (route !== undefined) {
      labels[ATTR_HTTP_ROUTE] = route;
      span.setAttribute(ATTR_HTTP_ROUTE, route);
      span.updateName(spanName(method, route));
    }
  }
}

/** A route that somebody set on purpose. The API cannot read a span, the SDK's spans can be read. */
function routeOnSpan(span: Span): string | undefined {
  const route = (span as { attributes?: Attributes }).attributes?.[ATTR_HTTP_ROUTE];
  return typeof route === 'string' ? route : undefined;
}
