import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { Redactor } from 'hono-opentelemetry';
import type { BrowserSpan } from 'opentelemetry-instrument/intake';

/** Attributes that contain a query or a fragment without its `?` or `#`. */
const BARE_QUERIES = new Set(['url.query', 'url.fragment']);

/** Replaces secrets in every string of a span: a page knows the URLs that it was opened with. */
export function redactSpan(span: BrowserSpan, redactor: Redactor): BrowserSpan {
  const { name, status, attributes, events } = span;
  return {
    ...span,
    name: redactor.text(name),
    status: status.message ? { ...status, message: redactor.text(status.message) } : status,
    attributes: redactAttributes(attributes, redactor),
    events: events.map((event) => ({
      ...event,
      name: redactor.text(event.name),
      attributes: redactAttributes(event.attributes, redactor),
    })),
  };
}

function redactAttributes(attributes: Attributes, redactor: Redactor): Attributes {
  const redacted: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    redacted[key] = redactValue(key, value, redactor);
  }
  return redacted;
}

function redactValue(
  key: string,
  value: AttributeValue | undefined,
  redactor: Redactor,
): AttributeValue | undefined {
  if (typeof value !== 'string') return value;
  if (key === 'url.path') return redactor.path(value);
  return BARE_QUERIES.has(key) ? redactor.query(value) : redactor.text(value);
}
