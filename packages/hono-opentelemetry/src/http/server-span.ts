import { type Attributes, context, SpanKind, trace } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import { errorType, type RecordException, setError } from '../exception.ts';
import { createRedactor } from '../redact.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import { oldRequestNames, oldResponseNames } from '../semconv/legacy.ts';
import { startSpanTimer } from '../span-duration.ts';
import { type ActiveRequest, setActiveRequest } from './active-request.ts';
import { extractContext } from './extract-context.ts';
import { measureHttp, type RecordRequest } from './http-metrics.ts';
import { optInResponse } from './opt-in.ts';
import type { TraceHttpOptions } from './options.ts';
import { requestAttributes } from './request-attributes.ts';
import { resolveRequest } from './resolve-request.ts';
import type { CutShort } from './response-end.ts';
import { expectedStatus, spanName, type TracedRequest, writeOutcome } from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/** A request whose span and metrics are our own. */
export interface StartedRequest extends TracedRequest {
  /** The handlers have returned a response; its body may still have to be sent. */
  answered(): void;
  /**
   * Never throws.
   * @param status what the server has sent, if it reports that
   * @param cutShort why the response was not sent whole
   */
  end(status?: number, cutShort?: CutShort): void;
}

/**
 * Starts the span of a request: SERVER, the child of what the caller sent; or INTERNAL and without a
 * duration, if a handler of another request makes the request within the process.
 */
export function requestStarter(
  options: TraceHttpOptions,
  recordException: RecordException,
): (active: ActiveRequest, env: ServerEnv, method: string, isInner: boolean) => StartedRequest {
  const { optIn = {}, oldNames = false } = options;
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
    if (oldNames) Object.assign(attributes, oldRequestNames(attributes));
    const kind = isInner ? SpanKind.INTERNAL : SpanKind.SERVER;
    const firstName = spanName(method);
    const span = tracer.startSpan(firstName, { kind, attributes }, parent);
    const timer = startSpanTimer();
    const spanContext = trace.setSpan(setActiveRequest(parent, active), span);
    let recordRequest: RecordRequest | undefined;
    if (!isInner) recordRequest = safely(() => measureRequest(attributes, spanContext));
    const labels: Attributes = {};
    let responseSize: number | undefined;

    function finish(status: number): void {
      writeOutcome(request, status, recordException);
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      if (oldNames) span.setAttributes(oldResponseNames(labels));
    }

    const request: StartedRequest = {
      active,
      span,
      spanContext,
      method,
      firstName,
      isEndTold: false,
      labels,
      answered() {
        finish(expectedStatus(active));
        if (options.optIn) responseSize = optInResponse(span, c.res, optIn, redactor);
      },
      end(sent, cutShort) {
        safely(() => {
          const known = labels[ATTR_HTTP_RESPONSE_STATUS_CODE];
          const status = sent ?? known ?? expectedStatus(active);
          if (status !== known) finish(Number(status));
          if (cutShort !== undefined) writeCutShort(request, cutShort, recordException);
        });
        safely(() => span.end());
        safely(() => recordRequest?.(timer.seconds(span), labels, responseSize));
      },
    };
    return request;
  };
}

/** Marks a request whose response was not sent whole as failed, unless it is already. */
function writeCutShort(
  { active, span, spanContext, labels }: TracedRequest,
  { type, exception }: CutShort,
  recordException: RecordException,
): void {
  const cause = type ?? errorType(exception?.thrown, active.c.req.raw);
  if (labels[ATTR_ERROR_TYPE] === undefined) {
    labels[ATTR_ERROR_TYPE] = cause;
    setError(span, cause);
  }
  if (exception !== undefined) recordException(span, exception.thrown, cause, spanContext);
}
