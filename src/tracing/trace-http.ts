import {
  type Attributes,
  context,
  type HrTime,
  type MeterProvider,
  type Span,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import type { MiddlewareHandler } from 'hono';
import { type ExceptionSignal, errorType, setError } from './exception.ts';
import { extractContext } from './extract-context.ts';
import { followRequest, spanName } from './follow-request.ts';
import { measureHttp } from './http-metrics.ts';
import { type OptIn, optInResponse } from './opt-in.ts';
import { requestAttributes } from './request-attributes.ts';
import { whenResponseEnds } from './response-end.ts';
import { SCOPE_NAME, SCOPE_VERSION } from './scope.ts';
import { serverEnv } from './server-env.ts';

export interface TraceHttpOptions {
  /** Paths that get no span and no metrics; a caller's context is still passed on. Default: none. */
  readonly exclude?: (path: string) => boolean;
  /** Peers whose `Forwarded` and `X-Forwarded-*` headers count. Default: none. */
  readonly trustProxy?: (address: string) => boolean;
  /** Where exceptions are recorded. Default: `span`, as an event. */
  readonly exceptions?: ExceptionSignal;
  /** Methods that keep their name; any other is `_OTHER`. Default: RFC 9110, PATCH and QUERY. */
  readonly knownMethods?: readonly string[];
  /** What the conventions leave to choice. Default: nothing. */
  readonly optIn?: OptIn;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
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
  const { exclude, trustProxy, exceptions = 'span', optIn = {} } = options;
  const known = new Set<string>(options.knownMethods ?? KNOWN_METHODS);
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE_NAME, SCOPE_VERSION);
  const startRequest = measureHttp(optIn, options.meterProvider);

  return async function traceHttp(c, next) {
    const env = serverEnv(c);
    if (exclude?.(c.req.path)) return context.with(extractContext(c, env), next);

    const method = known.has(c.req.method) ? c.req.method : '_OTHER';
    const outer = trace.getActiveSpan();
    if (outer !== undefined && (env.hasServerSpan || isServerSpan(outer))) {
      return followRequest(c, next, outer, context.active(), method, exceptions, {});
    }

    const parent = extractContext(c, env);
    const attributes = requestAttributes(c, env, method, optIn, trustProxy);
    const span = tracer.startSpan(spanName(method), { kind: SpanKind.SERVER, attributes }, parent);
    const startTime = performance.now();
    const spanContext = trace.setSpan(parent, span);
    const recordRequest = startRequest(attributes, spanContext);
    const labels: Attributes = {};

    let responseSize: number | undefined;

    function end(cutShort?: unknown): void {
      if (cutShort !== undefined) {
        labels[ATTR_ERROR_TYPE] = errorType(cutShort);
        setError(span, errorType(cutShort));
      }
      span.end();
      recordRequest(duration(span) ?? (performance.now() - startTime) / 1000, labels, responseSize);
    }

    try {
      await followRequest(c, next, span, spanContext, method, exceptions, labels);
    } catch (thrown) {
      end();
      throw thrown;
    }
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, c.res.status);
    if (options.optIn !== undefined) responseSize = optInResponse(span, c.res, optIn);
    whenResponseEnds(c, env, end);
  };
}

function isServerSpan(span: Span): boolean {
  return (span as { kind?: SpanKind }).kind === SpanKind.SERVER;
}

/** Seconds that an ended span lasted, so that the metric says the same. Unsampled spans cannot tell. */
function duration(span: Span): number | undefined {
  const { duration } = span as { duration?: HrTime };
  return duration && duration[0] + duration[1] / 1e9;
}
