import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import type { Context } from 'hono';
import { errorType, setError } from './exception.ts';
import { extractContext } from './extract-context.ts';
import { spanName, type TracedRequest } from './follow-request.ts';
import { measureHttp } from './http-metrics.ts';
import { oldRequestNames, oldResponseNames } from './old-names.ts';
import { optInResponse } from './opt-in.ts';
import { createRedactor } from './redact.ts';
import { requestAttributes } from './request-attributes.ts';
import { countRequest } from './request-so-far.ts';
import { safely } from './safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from './scope.ts';
import type { ServerEnv } from './server-env.ts';
import { startSpanTimer } from './span-duration.ts';
import type { TraceHttpOptions } from './trace-http.ts';

/** A request whose span and metrics are our own. Nothing here throws. */
export interface StartedRequest extends TracedRequest {
  /** The handlers are done; the body may still have to be sent. */
  answered(response?: Response): void;
  /** @param cutShort the error because of which the response was not sent whole */
  end(cutShort?: unknown): void;
}

/** Starts the SERVER span of a request as the child of what the caller sent. */
export function requestStarter(
  options: TraceHttpOptions,
): (c: Context, env: ServerEnv, method: string) => StartedRequest {
  const { optIn = {}, oldNames = false, exposeTrace = false, trustProxy } = options;
  const tracer = (options.tracerProvider ?? trace).getTracer(
    SCOPE_NAME,
    SCOPE_VERSION,
    SCOPE_OPTIONS,
  );
  const measureRequest = measureHttp(options);
  const redactor = createRedactor(options.sensitiveNames);

  return function startRequest(c, env, method) {
    const parent = extractContext(c, env);
    const attributes = requestAttributes(c, env, method, optIn, redactor, trustProxy);
    if (oldNames) Object.assign(attributes, oldRequestNames(attributes));
    const span = tracer.startSpan(spanName(method), { kind: SpanKind.SERVER, attributes }, parent);
    const timer = startSpanTimer();
    const spanContext = trace.setSpan(exposeTrace ? countRequest(parent) : parent, span);
    const recordRequest = safely(() => measureRequest(attributes, spanContext));
    const labels: Attributes = {};
    let responseSize: number | undefined;

    return {
      span,
      spanContext,
      method,
      isEndTold: false,
      labels,
      answered(response) {
        const status = labels[ATTR_HTTP_RESPONSE_STATUS_CODE];
        if (status !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
        if (oldNames) span.setAttributes(oldResponseNames(labels));
        if (options.optIn && response)
          responseSize = optInResponse(span, response, optIn, redactor);
      },
      end(cutShort) {
        if (cutShort !== undefined) {
          labels[ATTR_ERROR_TYPE] = errorType(cutShort);
          setError(span, errorType(cutShort));
        }
        safely(() => span.end());
        safely(() => recordRequest?.(timer.seconds(span), labels, responseSize));
      },
    };
  };
}
