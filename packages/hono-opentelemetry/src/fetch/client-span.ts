import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
} from '@opentelemetry/semantic-conventions';
import { currentInstruments, HTTP_DURATION_BUCKETS } from '../current-instruments.ts';
import { errorType, setError } from '../exception.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import { KNOWN_METHODS, spanName } from '../semconv/http-method.ts';
import { spanSeconds, timeAfter } from '../span-duration.ts';
import { isUnsampled } from '../traced-parent.ts';
import type { FetchFunction, TraceFetchOptions } from './options.ts';
import { type BodyListener, watchResponse } from './response-body.ts';

const ATTR_URL_TEMPLATE = 'url.template';
/** The methods that `fetch()` writes in upper case. */
const NORMALIZED_METHODS = /^(?:delete|get|head|options|post|put)$/i;

/** The span of a call while the call is made. */
export interface ClientSpan {
  /** The context in which the call is made. */
  readonly context: Context;
  /** Records a response, and ends the span with its body. @returns the same response */
  onResponse(response: Response): Response;
  /** Records the reason that there is no response, ends the span, and throws the reason again. */
  onRejection(reason: unknown): never;
  /** Ends the span with an error. */
  fail(thrown: unknown): void;
}

/** Creates a function that starts the CLIENT span of a call. A call of an unsampled request is only measured. */
export function createClientSpanFactory({
  template,
  redactUrl = withoutValues,
  tracerProvider,
  meterProvider,
}: TraceFetchOptions): (args: Parameters<FetchFunction>, url: URL | undefined) => ClientSpan {
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS);
  const duration = currentInstruments(
    (meter) =>
      meter.createHistogram(METRIC_HTTP_CLIENT_REQUEST_DURATION, {
        description: 'Duration of HTTP client requests.',
        unit: 's',
        advice: { explicitBucketBoundaries: HTTP_DURATION_BUCKETS },
      }),
    meterProvider,
  );

  return function startClientSpan(args, url) {
    const original = methodOf(args);
    const method = KNOWN_METHODS.includes(original) ? original : '_OTHER';
    const route = url && template && safely(() => template(url));
    const parent = trace.getActiveSpan();
    const metricAttributes: Attributes = { [ATTR_HTTP_REQUEST_METHOD]: method };
    if (url) {
      const { hostname, port, protocol } = url;
      // `data:` and `blob:` have no server.
      if (hostname) {
        metricAttributes[ATTR_SERVER_ADDRESS] = hostname.replace(/[[\]]/g, '');
        metricAttributes[ATTR_SERVER_PORT] = Number(port) || (protocol === 'https:' ? 443 : 80);
      }
    }
    if (route) metricAttributes[ATTR_URL_TEMPLATE] = route;
    const span = parent && isUnsampled(parent) ? undefined : startSpan();
    const startTime = performance.now();
    const spanContext = span ? trace.setSpan(context.active(), span) : context.active();
    const outcome: Attributes = {};

    function startSpan(): Span {
      const attributes = { ...metricAttributes };
      if (url) attributes[ATTR_URL_FULL] = redactUrl(url.href);
      if (method === '_OTHER') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = original;
      return tracer.startSpan(spanName(method, route), { kind: SpanKind.CLIENT, attributes });
    }

    function recordError(type: string): void {
      if (outcome[ATTR_ERROR_TYPE]) return;
      outcome[ATTR_ERROR_TYPE] = type;
      if (span) setError(span, type);
    }

    /** @param seconds time until the end, if it was earlier than now */
    function end(seconds?: number): void {
      safely(() => span?.end(seconds === undefined ? undefined : timeAfter(span, seconds)));
      safely(() => {
        const time = seconds ?? spanSeconds(span, startTime);
        duration().record(time, { ...metricAttributes, ...outcome }, spanContext);
      });
    }

    function fail(thrown: unknown): void {
      safely(() => recordError(failureType(thrown, args[1]?.signal)));
      end();
    }

    /** Creates a listener that does not hold the response, which could not be garbage-collected otherwise. */
    function listen(seconds: number): BodyListener {
      return { onEnd: () => end(), onFailure: fail, onDropped: () => end(seconds) };
    }

    return {
      context: spanContext,
      fail,
      onResponse(response) {
        safely(() => {
          const { status } = response;
          outcome[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
          span?.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
          if (status >= 400) recordError(String(status));
        });
        const listener = listen(spanSeconds(undefined, startTime));
        const isWatched = safely(() => watchResponse(response, listener));
        if (!isWatched) end();
        return response;
      },
      onRejection(reason) {
        fail(reason);
        throw reason;
      },
    };
  };
}

/** Returns a URL without credentials, the values of parameters, and JSON Web Tokens. */
function withoutValues(href: string): string {
  return (
    href
      .replace(/^([^/?#]*:\/\/)[^/?#]*@/, '$1REDACTED:REDACTED@')
      .replace(/=[^&;#]*/g, '=REDACTED')
      .replace(/\beyJ[\w.-]*/g, 'REDACTED')
      // Data URLs are as long as their data.
      .replace(/^(data|blob):.*/s, '$1:REDACTED')
  );
}

function methodOf([input, init]: Parameters<FetchFunction>): string {
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  return NORMALIZED_METHODS.test(method) ? method.toUpperCase() : String(method);
}

/**
 * Returns the code of the system's error if there is one, such as `ECONNREFUSED`: the class of failures
 * to connect is `TypeError`. Otherwise, returns the class.
 */
function failureType(thrown: unknown, signal: AbortSignal | null | undefined): string {
  const { cause, code = (cause as { code?: unknown } | undefined)?.code } = (thrown ?? {}) as {
    cause?: unknown;
    code?: unknown;
  };
  const isCode = typeof code === 'string' && /^\w+$/.test(code);
  return isCode ? code : errorType(thrown, signal ? { signal } : undefined);
}
