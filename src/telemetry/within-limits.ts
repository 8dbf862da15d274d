import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanLimits } from '@opentelemetry/sdk-trace-base';
import type { ReceivedSpan } from './receive-spans.ts';

type Limited = Pick<
  ReadableSpan,
  'attributes' | 'droppedAttributesCount' | 'events' | 'droppedEventsCount'
>;

/** What a span has attached, as much of it as the SDK's own spans may have. */
export function withinLimits(span: ReceivedSpan, limits: Required<SpanLimits>): Limited {
  const { attributeValueLengthLimit: length } = limits;
  const events = span.events.slice(0, limits.eventCountLimit);
  return {
    ...limitAttributes(span, limits.attributeCountLimit, length),
    events: events.map((event) => ({
      time: event.time,
      name: event.name,
      ...limitAttributes(event, limits.attributePerEventCountLimit, length),
    })),
    droppedEventsCount: span.droppedEventsCount + span.events.length - events.length,
  };
}

function limitAttributes(
  {
    attributes,
    droppedAttributesCount,
  }: Pick<ReceivedSpan, 'attributes' | 'droppedAttributesCount'>,
  count: number,
  length: number,
) {
  const entries = Object.entries(attributes);
  const kept = entries
    .slice(0, count)
    .map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, length) : value]);
  return {
    attributes: Object.fromEntries(kept) as Attributes,
    droppedAttributesCount: droppedAttributesCount + entries.length - kept.length,
  };
}
