import { type Span, SpanKind, trace } from '@opentelemetry/api';
import { SCOPE_NAME } from '../scope.ts';
import type { TracedRequest } from './run-handlers.ts';
import type { ServerEnv } from './server-env.ts';

/** Spans that have met their request. What the app sends to itself below them is another one. */
const met = new WeakSet<Span>();

/** The SERVER span that the runtime or another instrumentation has made for this request. */
export function outerServerSpan(
  env: ServerEnv,
): Pick<TracedRequest, 'span' | 'firstName' | 'isEndTold'> | undefined {
  const span = trace.getActiveSpan();
  // One that has ended has leaked here from another request.
  if (!span?.isRecording() || met.has(span)) return undefined;
  const isEndTold = isOfDeno(span, env);
  if (!isEndTold && !isServerSpanOfOthers(span)) return undefined;
  met.add(span);
  const { name } = span as { name?: string };
  return { span, firstName: name, isEndTold };
}

/**
 * Whether it is what `OTEL_DENO` makes round the handler of `Deno.serve`. Such a span tells nothing
 * of itself, not even its kind; that the request came from that server is seen by what came with it.
 */
function isOfDeno(span: Span, { completed }: ServerEnv): boolean {
  return completed !== undefined && !isReadable(span);
}

function isServerSpanOfOthers(span: Span): boolean {
  return (
    isReadable(span) &&
    span.kind === SpanKind.SERVER &&
    span.instrumentationScope?.name !== SCOPE_NAME
  );
}

/** What the SDK's spans have beyond the API's. */
interface ReadableSpan extends Span {
  readonly kind: SpanKind;
  readonly instrumentationScope?: { readonly name: string };
}

function isReadable(span: Span): span is ReadableSpan {
  return 'kind' in span;
}
