import type { SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { plainAttributes } from '../terminal/json-safe.ts';

export function resourceDocument(resource: Resource): object {
  return {
    attributes: plainAttributes(resource.attributes),
    schema_url: resource.schemaUrl ?? '',
  };
}

/** `trace_state` is printed as Python prints it: `[]`, `['{key=vendor, value=1}']`. */
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
