import { type Span, SpanKind, trace } from '@opentelemetry/api';
import { SCOPE_NAME } from '../scope.ts';
import type { TracedRequest } from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/** Spans already adopted. A nested request made by the app gets its own span. */
const adopted = new WeakSet<Span>();

/** Returns the SERVER span that the runtime or another instrumentation has started for this request. */
export function adoptServerSpan(
  env: ServerEnv,
): Pick<TracedRequest, 'span' | 'firstName' | 'errorTypeSetByOwner'> | undefined {
  const span = trace.getActiveSpan();
  // An ended span leaked in from another request's context.
  if (!span?.isRecording() || adopted.has(span)) return undefined;
  const errorTypeSetByOwner = isDenoSpan(span, env);
  if (!errorTypeSetByOwner && !isForeignServerSpan(span)) return undefined;
  adopted.add(span);
  const { name } = span as { name?: string };
  return { span, firstName: name, errorTypeSetByOwner };
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
