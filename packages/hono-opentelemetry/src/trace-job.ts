import {
  type Context,
  context,
  type Link,
  type Span,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { createExceptionRecorder, errorType, setError } from './exception.ts';
import { isPromiseLike } from './promise-like.ts';
import { createRedactor } from './redact.ts';
import { safely } from './safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from './scope.ts';

/** Options of `traceJob()`. All of them are optional. */
export interface TraceJobOptions {
  /**
   * Starts a new trace, linked to the active span. Use it for work that outlives a request by far.
   * @default false: the span is a child of the active span, if there is one
   */
  readonly root?: boolean;
  /** @default the global tracer provider */
  readonly tracerProvider?: TracerProvider;
}

/**
 * Runs work outside of a request, such as a scheduled task, a message of a queue or the work of
 * `executionCtx.waitUntil()`, in an INTERNAL span.
 *
 * The span ends when the work has returned, or when its promise is settled. An exception marks the span as
 * failed and is thrown again. A query that runs when it is awaited, such as one of Drizzle, runs in the span.
 *
 * @param name name of the span. It must not contain values: `send-reminders`, not `reminder 4711`
 * @returns what the work returns
 * @example
 * ```ts
 * import { traceJob } from 'hono-opentelemetry';
 *
 * const sent = await traceJob('send-reminders', async () => 3);
 * console.log(sent); // 3
 * ```
 */
export function traceJob<T>(name: string, work: () => T, options: TraceJobOptions = {}): T {
  const started = safely(() => start(name, options));
  if (started === undefined) return work();
  const { span, spanContext } = started;
  const end = () => safely(() => span.end());
  const fail = (thrown: unknown) => {
    safely(() => {
      const type = errorType(thrown);
      setError(span, type);
      createExceptionRecorder('span', createRedactor())(span, thrown, type, spanContext);
    });
    end();
  };
  try {
    return context.with(spanContext, () => {
      const result = work();
      if (!isPromiseLike(result)) {
        end();
        return result;
      }
      // Each `then()` of a lazy query runs it, so the caller gets a promise instead.
      const promise = result instanceof Promise ? result : Promise.resolve(result);
      promise.then(end, fail);
      return promise as T;
    });
  } catch (thrown) {
    fail(thrown);
    throw thrown;
  }
}

function start(
  name: string,
  { root = false, tracerProvider }: TraceJobOptions,
): { span: Span; spanContext: Context } {
  const active = trace.getSpanContext(context.active());
  const links: Link[] = root && active ? [{ context: active }] : [];
  const parent = root ? trace.deleteSpan(context.active()) : context.active();
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS);
  const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, links }, parent);
  return { span, spanContext: trace.setSpan(parent, span) };
}
