import {
  type Attributes,
  type AttributeValue,
  type Context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-base';
import type { ExecutionContext, PlatformSpan } from './execution-context.ts';

const TRACED_BY_PLATFORM = createContextKey('opentelemetry-instrument: traced by Cloudflare');

/** The part of the platform's global that is read here. */
interface PlatformGlobal {
  readonly Cloudflare?: { readonly compatibilityFlags?: Readonly<Record<string, boolean>> };
}

/** Returns true if Wrangler traces each invocation for its local pages, whatever its configuration says. */
function isTracedLocally(): boolean {
  // Wrangler sets this experimental flag. A deployed Worker cannot have it.
  const { compatibilityFlags } = (globalThis as PlatformGlobal).Cloudflare ?? {};
  return compatibilityFlags?.streaming_tail_worker === true;
}

/** Returns the root span of an invocation that Cloudflare traces; undefined if it does not. */
export function findPlatformSpan({ tracing }: ExecutionContext): PlatformSpan | undefined {
  if (isTracedLocally()) return undefined;
  const span = tracing?.getActiveSpan?.();
  return span?.isTraced === true && span.updateName && span.spanContext ? span : undefined;
}

/**
 * Returns a context in which Cloudflare's root span is the SERVER span of the request. `traceHttp()` gives it
 * name, route, status and attributes, and this SDK creates no spans.
 */
export function setPlatformSpan(parent: Context, span: PlatformSpan): Context {
  return trace.setSpan(parent.setValue(TRACED_BY_PLATFORM, true), toSpan(span));
}

/** Wraps a sampler so that nothing is recorded that Cloudflare traces. */
export function yieldToPlatform(sampler: Sampler): Sampler {
  return {
    shouldSample(context, ...span) {
      if (context.getValue(TRACED_BY_PLATFORM)) return { decision: SamplingDecision.NOT_RECORD };
      return sampler.shouldSample(context, ...span);
    },
    toString: () => sampler.toString(),
  };
}

/** Returns a span of OpenTelemetry that writes to the platform's span. The platform ends it. */
function toSpan(platform: PlatformSpan): Span & { readonly kind: SpanKind } {
  function setAttribute(key: string, value: AttributeValue | undefined): void {
    if (value == null) return;
    // The platform accepts no arrays.
    platform.setAttribute(key, Array.isArray(value) ? value.join(', ') : (value as string));
  }
  const span: Span & { readonly kind: SpanKind } = {
    kind: SpanKind.SERVER,
    spanContext() {
      const { traceId = '', spanId = '' } = platform.spanContext?.() ?? {};
      return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
    },
    isRecording: () => true,
    setAttribute(key, value) {
      setAttribute(key, value);
      return span;
    },
    setAttributes(attributes: Attributes) {
      for (const [key, value] of Object.entries(attributes)) setAttribute(key, value);
      return span;
    },
    setStatus({ code, message }) {
      if (code === SpanStatusCode.UNSET) return span;
      const name = code === SpanStatusCode.ERROR ? 'error' : 'ok';
      platform.setStatus?.({ code: name, ...(message !== undefined && { message }) });
      return span;
    },
    updateName(name) {
      platform.updateName?.(name);
      return span;
    },
    recordException: (exception) => void platform.recordException?.(exception),
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    end() {},
  };
  return span;
}
