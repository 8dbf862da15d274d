import type { Attributes, Context, Span } from '@opentelemetry/api';
import { ATTR_HTTP_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import type { Context as HonoContext } from 'hono';
import { createRedactor } from '../../redact.ts';
import { safely } from '../../safely.ts';
import { legacyRequestAttributes, legacyResponseAttributes } from '../../semconv/legacy.ts';
import type { TraceHttpOptions } from '../options.ts';
import type { ServerEnv } from '../server-env.ts';
import { optInRequest, optInResponse } from './attributes.ts';
import { measureOptIn, type RecordOptIn } from './metrics.ts';
import { setTraceResponseHeaders } from './trace-response.ts';

export type { RecordOptIn };

/** Records what options ask for in addition to the span and the duration of a request. */
export interface OptInRecorder {
  /** Adds attributes that are known before the handler runs. Samplers see them. */
  addRequestAttributes(attributes: Attributes, c: HonoContext, env: ServerEnv): void;
  /** Adds the same attributes to a span that another instrumentation has started. */
  onAdopted(span: Span, c: HonoContext, env: ServerEnv): void;
  /** Starts the metrics of a request. @returns a function that records them at its end */
  startMetrics(request: Attributes, spanContext: Context): RecordOptIn;
  /** Sets the status under its legacy name. */
  onStatus(span: Span, status: number): void;
  /** Sets the attributes of a response. @returns the size of the body in bytes, if it is recorded */
  onResponse(span: Span, response: Response): number | undefined;
  /** Sends the span's context to the client. */
  onSend(c: HonoContext, env: ServerEnv, span: Span): void;
}

/** Creates the recorder for the options of a middleware. */
export function createOptInRecorder(options: TraceHttpOptions): OptInRecorder {
  const { startAttributes, traceResponse = false } = options;
  const redactor = createRedactor(options.sensitiveNames);
  const isDup = options.semconv === 'dup';

  return {
    addRequestAttributes(attributes, c, env) {
      Object.assign(attributes, optInRequest(c, env, options, redactor, attributes));
      if (isDup) Object.assign(attributes, legacyRequestAttributes(attributes));
      if (startAttributes)
        Object.assign(
          attributes,
          safely(() => startAttributes(c)),
        );
    },
    onAdopted(span, c, env) {
      span.setAttributes(optInRequest(c, env, options, redactor, {}));
      if (startAttributes) span.setAttributes(safely(() => startAttributes(c)) ?? {});
    },
    startMetrics: measureOptIn(options),
    onStatus(span, status) {
      if (!isDup) return;
      span.setAttributes(legacyResponseAttributes({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }));
    },
    onResponse: (span, response) => optInResponse(span, response, options, redactor),
    onSend(c, env, span) {
      if (traceResponse) setTraceResponseHeaders(c, env.outgoing, span);
    },
  };
}
