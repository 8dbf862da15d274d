import type { SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { toJsonSafeAttributes } from '../terminal/json-safe.ts';

/** Returns a resource in the shape of OpenTelemetry Python's `Resource.to_json()`. */
export function resourceDocument(resource: Resource): object {
  return {
    attributes: toJsonSafeAttributes(resource.attributes),
    schema_url: resource.schemaUrl ?? '',
  };
}

/** Returns a span context. `trace_state` is formatted like in Python: `[]`, `['{key=vendor, value=1}']`. */
export function contextDocument({ traceId, spanId, traceState }: SpanContext): object {
  const members = traceState?.serialize().split(',') ?? [];
  const pairs = members.map((member) => {
    const [key, ...value] = member.split('=');
    return `'{key=${key}, value=${value.join('=')}}'`;
  });
  return {
    trace_id: `0x${traceId}`,
    span_id: `0x${spanId}`,
    trace_state: `[${pairs.join(', ')}]`,
  };
}
