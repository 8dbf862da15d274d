import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { Context as HonoContext } from 'hono';
import { type ActiveRequest, setActiveRequest } from '../active-request.ts';
import type { RecordException } from '../exception.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME } from '../scope.ts';
import type { OptInRecorder } from './opt-in/index.ts';
import { expectedStatus, recordResponse, type StartedRequest } from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/** Spans already adopted. A nested request made by the app gets its own span. */
const adopted = new WeakSet<Span>();

/** Adopts the SERVER span that the runtime or another instrumentation has started for a request. */
export function adoptServerSpan(
  c: HonoContext,
  active: ActiveRequest,
  env: ServerEnv,
  method: string,
  recordException: RecordException,
  optIn: OptInRecorder | undefined,
): StartedRequest | undefined {
  const span = trace.getActiveSpan();
  // An ended span leaked in from another request's context.
  if (!span?.isRecording() || adopted.has(span)) return undefined;
  const errorTypeSetByOwner = isDenoSpan(span, env);
  if (!errorTypeSetByOwner && !isForeignServerSpan(span)) return undefined;
  adopted.add(span);
  safely(() => optIn?.onAdopted(span, c, env));
  const { name: firstName } = span as { name?: string };
  const spanContext = setActiveRequest(context.active(), active);
  const record = () => recordResponse(request, expectedStatus(c, active), recordException);
  const request: StartedRequest = {
    c,
    active,
    span,
    spanContext,
    method,
    firstName,
    errorTypeSetByOwner,
    outcome: {},
    endsWithResponse: false,
    isInner: false,
    onResponse() {
      record();
      optIn?.onResponse(span, c.res);
    },
    end: () => safely(record),
  };
  return request;
}

/**
 * Returns true for the span that `OTEL_DENO` starts around the handler of `Deno.serve`. Such a span is
 * not readable, not even its kind, but only `Deno.serve` passes `completed`.
 */
function isDenoSpan(span: Span, { completed }: ServerEnv): boolean {
  return completed !== undefined && !isReadable(span);
}

function isForeignServerSpan(span: Span): boolean {
  return (
    isReadable(span) &&
    span.kind === SpanKind.SERVER &&
    span.instrumentationScope?.name !== SCOPE_NAME
  );
}

/** The properties that the SDK's spans have in addition to the API's. */
interface ReadableSpan extends Span {
  readonly kind: SpanKind;
  readonly instrumentationScope?: { readonly name: string };
}

function isReadable(span: Span): span is ReadableSpan {
  return 'kind' in span;
}
