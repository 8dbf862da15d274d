import { ERROR, type RecordSpan, type Span, type SpanAttributes } from './span.ts';

const BATCH_DELAY_MS = 5_000;
/** Limits of a batch, in spans and characters of JSON: browsers limit beacons to 64 kB. More is dropped. */
const MAX_SPANS = 100;
const MAX_SIZE = 60_000;

/** Version of the app, inserted by the build. */
declare const VERSION: string;

/** Schema URL of the semantic conventions in use. */
const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

// Like the server's; its intake overwrites these values.
const RESOURCE = {
  'service.name': 'todo-web',
  'service.version': VERSION,
  'telemetry.sdk.language': 'webjs',
  'telemetry.sdk.name': 'hono-opentelemetry',
  'telemetry.sdk.version': VERSION,
};

/** Collects spans and sends them in batches. */
export interface SpanSender {
  readonly record: RecordSpan;
  /** Sends the waiting spans now. */
  send(): void;
}

/** Creates a sender of OTLP/JSON. @param url of this server, or of a collector that allows it by CORS */
export function createSpanSender(url: string): SpanSender {
  const target = new URL(url, location.href);
  let waiting: string[] = [];
  let size = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function record(span: Span): void {
    const text = JSON.stringify(encodeSpan(span));
    if (waiting.length === MAX_SPANS || size + text.length > MAX_SIZE) return;
    waiting.push(text);
    size += text.length;
    timer ??= setTimeout(send, BATCH_DELAY_MS);
  }

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const scope = JSON.stringify({ name: 'todo.browser', version: VERSION });
    const resource = JSON.stringify({ attributes: encodeAttributes(RESOURCE) });
    const schemaUrl = `"schemaUrl":"${SCHEMA_URL}"`;
    const scopeSpans = `[{"scope":${scope},"spans":[${waiting}],${schemaUrl}}]`;
    const body = `{"resourceSpans":[{"resource":${resource},"scopeSpans":${scopeSpans},${schemaUrl}}]}`;
    waiting = [];
    size = 0;
    const blob = new Blob([body], { type: 'application/json' });
    if (target.origin === location.origin) navigator.sendBeacon(target, blob);
    // Beacons to other sites send credentials, which collectors do not allow.
    else
      fetch(target, { method: 'POST', body: blob, keepalive: true, credentials: 'omit' }).catch(
        () => {},
      );
  }

  return { record, send };
}

/**
 * Encodes a span as OTLP/JSON.
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
function encodeSpan({
  context,
  parent,
  name,
  kind,
  start,
  end,
  attributes,
  events = [],
  isError,
}: Span) {
  // A page may be painted after its load: extend the span to include its events.
  const times = [start, ...events.map(({ time }) => time)];
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: parent?.spanId,
    flags: 1,
    name,
    kind,
    startTimeUnixNano: nanoseconds(Math.min(...times)),
    endTimeUnixNano: nanoseconds(Math.max(end, ...times)),
    attributes: encodeAttributes(attributes),
    events: events.map(({ name, time, attributes = {} }) => ({
      name,
      timeUnixNano: nanoseconds(time),
      attributes: encodeAttributes(attributes),
    })),
    status: isError ? { code: ERROR } : undefined,
  };
}

/** Converts milliseconds to nanoseconds, as a string: a number is not precise enough. */
function nanoseconds(time: number): string {
  return `${Math.round(time * 1_000)}000`;
}

function encodeAttributes(attributes: SpanAttributes) {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: encodeValue(value) }));
}

function encodeValue(value: SpanAttributes[string]) {
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
