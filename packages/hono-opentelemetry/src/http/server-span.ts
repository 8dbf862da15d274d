import { type Attributes, context, SpanKind, trace } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import { errorType, type RecordException, setError } from '../exception.ts';
import { createRedactor } from '../redact.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import { legacyRequestAttributes, legacyResponseAttributes } from '../semconv/legacy.ts';
import { startSpanTimer } from '../span-duration.ts';
import { type ActiveRequest, setActiveRequest } from './active-request.ts';
import { extractContext } from './extract-context.ts';
import { measureHttp, type RecordRequest } from './http-metrics.ts';
import { optInResponse } from './opt-in.ts';
import type { TraceHttpOptions } from './options.ts';
import { requestAttributes } from './request-attributes.ts';
import { resolveRequest } from './resolve-request.ts';
import type { CutShort } from './response-end.ts';
import { expectedStatus, recordResponse, spanName, type TracedRequest } from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/** A request with a span and metrics of this middleware. */
export interface StartedRequest extends TracedRequest {
  /** Records the response that the handlers have returned. Its body may not be sent yet. */
  onResponse(): void;
  /**
   * Ends the span and records the duration. Never throws.
   * @param status the status that was sent, if the server reports it
   * @param cutShort the reason that the response was not sent completely
   */
  end(status?: number, cutShort?: CutShort): void;
}

/**
 * Creates a function that starts the span of a request.
 *
 * A received request gets a SERVER span, whose parent is the caller's span. A request that a handler
 * makes within the process gets an INTERNAL span and no duration metric.
 */
export function createServerSpanFactory(
  options: TraceHttpOptions,
  recordException: RecordException,
): (active: ActiveRequest, env: ServerEnv, method: string, isInner: boolean) => StartedRequest {
  const { optIn = {} } = options;
  const isDup = options.semconv === 'dup';
  const tracer = (options.tracerProvider ?? trace).getTracer(
    SCOPE_NAME,
    SCOPE_VERSION,
    SCOPE_OPTIONS,
  );
  const measureRequest = measureHttp(options);
  const redactor = createRedactor(options.sensitiveNames);

  return function startRequest(active, env, method, isInner) {
    const { c } = active;
    const parent = isInner ? context.active() : extractContext(c, env);
    const attributes = requestAttributes(
      c,
      env,
      method,
      optIn,
      redactor,
      resolveRequest(c, options),
    );
    if (isDup) Object.assign(attributes, legacyRequestAttributes(attributes));
    const kind = isInner ? SpanKind.INTERNAL : SpanKind.SERVER;
    const firstName = spanName(method);
    const span = tracer.startSpan(firstName, { kind, attributes }, parent);
    const timer = startSpanTimer();
    const spanContext = trace.setSpan(setActiveRequest(parent, active), span);
    let recordRequest: RecordRequest | undefined;
    if (!isInner) recordRequest = safely(() => measureRequest(attributes, spanContext));
    const outcome: Attributes = {};
    let responseSize: number | undefined;

    function finish(status: number): void {
      recordResponse(request, status, recordException);
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      if (isDup) span.setAttributes(legacyResponseAttributes(outcome));
    }

    const request: StartedRequest = {
      active,
      span,
      spanContext,
      method,
      firstName,
      errorTypeSetByOwner: false,
      outcome,
      onResponse() {
        finish(expectedStatus(active));
        if (options.optIn) responseSize = optInResponse(span, c.res, optIn, redactor);
      },
      end(sent, cutShort) {
        safely(() => {
          const known = outcome[ATTR_HTTP_RESPONSE_STATUS_CODE];
          const status = sent ?? known ?? expectedStatus(active);
          if (status !== known) finish(Number(status));
          if (cutShort !== undefined) recordCutShort(request, cutShort, recordException);
        });
        safely(() => span.end());
        safely(() => recordRequest?.(timer.seconds(span), outcome, responseSize));
      },
    };
    return request;
  };
}

/** Marks a request as failed whose response was not sent completely, unless it is marked already. */
function recordCutShort(
  { active, span, spanContext, outcome }: TracedRequest,
  { type, exception }: CutShort,
  recordException: RecordException,
): void {
  const cause = type ?? errorType(exception?.thrown, active.c.req.raw);
  if (outcome[ATTR_ERROR_TYPE] === undefined) {
    outcome[ATTR_ERROR_TYPE] = cause;
    setError(span, cause);
  }
  if (exception !== undefined) recordException(span, exception.thrown, cause, spanContext);
}
