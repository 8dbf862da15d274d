import {
  type Attributes,
  context,
  type Span,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { ATTR_CODE_FUNCTION_NAME, ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { H, RouterRoute } from 'hono/types';
import { findTargetHandler, isMiddleware } from 'hono/utils/handler';
import { activeRequest, ownMiddleware } from '../active-request.ts';
import { errorType, setError, statusOfHttpException } from '../exception.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';

/** Creates a function that returns handlers with a span for each call. */
export function createHandlerTracer(
  tracerProvider: TracerProvider | undefined,
): (handler: H, route: RouterRoute) => H {
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS);

  return function traceHandler(handler, { path }) {
    const target = findTargetHandler(handler);
    if (ownMiddleware.has(target)) return handler;
    const attributes: Attributes = { [ATTR_HTTP_ROUTE]: path };
    if (target.name !== '') attributes[ATTR_CODE_FUNCTION_NAME] = target.name;
    const name = target.name || `${isMiddleware(target) ? 'middleware' : 'handler'} ${path}`;
    const options = { kind: SpanKind.INTERNAL, attributes: Object.freeze(attributes) };

    const traced: H = (c, next) => {
      const request = activeRequest();
      const parent = request && !request.isExcluded ? trace.getActiveSpan() : undefined;
      const span = parent?.isRecording()
        ? safely(() => tracer.startSpan(name, options))
        : undefined;
      if (span === undefined) return handler(c, next);
      try {
        const result: unknown = context.with(trace.setSpan(context.active(), span), () =>
          handler(c, next),
        );
        // Hono gets the handler's own promise, so that nothing is resolved later than without a span.
        if (result instanceof Promise) result.then(end(span), fail(span));
        else safely(() => span.end());
        return result as ReturnType<H>;
      } catch (thrown) {
        fail(span)(thrown);
        throw thrown;
      }
    };
    return traced;
  };
}

function end(span: Span): () => void {
  return () => safely(() => span.end());
}

function fail(span: Span): (thrown: unknown) => void {
  return (thrown) => {
    safely(() => {
      if ((statusOfHttpException(thrown) ?? 500) >= 500) setError(span, errorType(thrown));
      span.end();
    });
  };
}
