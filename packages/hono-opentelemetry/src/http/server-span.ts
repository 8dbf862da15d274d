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
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
} from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext } from 'hono';
import { type ActiveRequest, releaseRequest, setActiveRequest } from '../active-request.ts';
import { errorType, type RecordException, setError } from '../exception.ts';
import { BODY_SENT, type PassedOnResponse } from '../passed-on-response.ts';
import { createRedactor } from '../redact.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import { spanName } from '../semconv/http-method.ts';
import { spanSeconds, timeAfter } from '../span-duration.ts';
import { extractContext } from './extract-context.ts';
import { createDurationRecorder } from './http-metrics.ts';
import type { OptInRecorder, RecordOptIn } from './opt-in/index.ts';
import type { TraceHttpOptions } from './options.ts';
import { requestAttributes } from './request-attributes.ts';
import { resolveRequest } from './resolve-request.ts';
import type { CutShort } from './response-end.ts';
import {
  expectedStatus,
  recordResponse,
  type StartedRequest,
  type TracedRequest,
} from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/**
 * Starts the span of a request.
 * @param isInner true if a handler makes the request within the process
 * @param optIn undefined if no option needs it
 */
export type StartServerSpan = (
  c: HonoContext,
  active: ActiveRequest,
  env: ServerEnv,
  method: string,
  isInner: boolean,
  optIn: OptInRecorder | undefined,
) => StartedRequest;

/** The parts of a received request that its metrics need in addition to the span. */
interface ReceivedRequest {
  readonly parent: Context;
  readonly attributes: Attributes;
  readonly outcome: Attributes;
  readonly recordOptIn: RecordOptIn | undefined;
  readonly responseSize: number | undefined;
}

/**
 * Creates a function that starts the span of a request.
 *
 * A received request gets a SERVER span, whose parent is the caller's span. A request that a handler
 * makes within the process gets an INTERNAL span and no metrics.
 */
export function createServerSpanFactory(
  options: TraceHttpOptions,
  recordException: RecordException,
): StartServerSpan {
  const tracer = (options.tracerProvider ?? trace).getTracer(
    SCOPE_NAME,
    SCOPE_VERSION,
    SCOPE_OPTIONS,
  );
  const recordDuration = createDurationRecorder(options.meterProvider);
  const redactor = createRedactor(options.sensitiveNames);

  function recordStatus(request: TracedRequest, status: number, optIn?: OptInRecorder): void {
    recordResponse(request, status, recordException);
    request.span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    optIn?.onStatus(request.span, status);
  }

  function recordMetrics(
    seconds: number,
    attributes: Attributes,
    outcome: Attributes,
    spanContext: Context,
    recordOptIn: RecordOptIn | undefined,
    responseSize: number | undefined,
  ): void {
    const measured = recordDuration(seconds, attributes, outcome, spanContext);
    recordOptIn?.(seconds, measured, outcome, spanContext, responseSize);
  }

  /**
   * Creates a function that ends a span some seconds after its start. It must not refer to the response,
   * which could not be garbage-collected otherwise. The context of the handlers does.
   */
  function createDropListener(
    span: Span,
    seconds: number,
    received: ReceivedRequest | undefined,
  ): () => void {
    return function onDropped() {
      safely(() => span.end(timeAfter(span, seconds)));
      if (received === undefined) return;
      const { parent, attributes, outcome, recordOptIn, responseSize } = received;
      const spanContext = trace.setSpan(parent, span);
      safely(() => {
        recordMetrics(seconds, attributes, outcome, spanContext, recordOptIn, responseSize);
      });
    };
  }

  return function startServerSpan(c, active, env, method, isInner, optIn) {
    const parent = isInner ? context.active() : extractContext(c, env);
    const attributes = requestAttributes(c, env, method, redactor, resolveRequest(c, options));
    if (options.serverName) attributes[ATTR_SERVER_ADDRESS] = options.serverName;
    optIn?.addRequestAttributes(attributes, c, env);
    const kind = isInner ? SpanKind.INTERNAL : SpanKind.SERVER;
    const firstName = spanName(method);
    const span = tracer.startSpan(firstName, { kind, attributes }, parent);
    const startTime = performance.now();
    const spanContext = trace.setSpan(setActiveRequest(parent, active), span);
    const recordOptIn = isInner
      ? undefined
      : safely(() => optIn?.startMetrics(attributes, spanContext));
    const outcome: Attributes = {};
    let responseSize: number | undefined;

    const request: StartedRequest = {
      c,
      active,
      span,
      spanContext,
      method,
      firstName,
      errorTypeSetByOwner: false,
      outcome,
      endsWithResponse: true,
      isInner,
      onResponse() {
        recordStatus(request, expectedStatus(c, active), optIn);
        responseSize = optIn?.onResponse(span, c.res);
      },
      end(sent, cutShort) {
        safely(() => {
          const known = outcome[ATTR_HTTP_RESPONSE_STATUS_CODE];
          const status = sent ?? known ?? expectedStatus(c, active);
          if (status !== known) recordStatus(request, Number(status), optIn);
          if (cutShort !== undefined) recordCutShort(request, cutShort, recordException);
        });
        safely(() => span.end());
        if (c.finalized) safely(() => (c.res as PassedOnResponse)[BODY_SENT]?.());
        releaseRequest(active);
        if (isInner) return;
        safely(() => {
          const seconds = spanSeconds(span, startTime);
          recordMetrics(seconds, attributes, outcome, spanContext, recordOptIn, responseSize);
        });
      },
      createDropListener() {
        const received = { parent, attributes, outcome, recordOptIn, responseSize };
        const seconds = spanSeconds(undefined, startTime);
        return createDropListener(span, seconds, isInner ? undefined : received);
      },
    };
    return request;
  };
}

/** Marks a request as failed whose response was not sent completely, unless it is marked already. */
function recordCutShort(
  { c, span, spanContext, outcome }: TracedRequest,
  { type, exception }: CutShort,
  recordException: RecordException,
): void {
  const cause = type ?? errorType(exception?.thrown, c.req.raw);
  if (outcome[ATTR_ERROR_TYPE] === undefined) {
    outcome[ATTR_ERROR_TYPE] = cause;
    setError(span, cause);
  }
  if (exception !== undefined) recordException(span, exception.thrown, cause, spanContext);
}
