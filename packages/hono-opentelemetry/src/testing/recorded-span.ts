import {
  type Attributes,
  type AttributeValue,
  type Context,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** A span as a test sees it. Its ids are random, and its times are those of `performance.now()`. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links: readonly Link[];
  readonly status: SpanStatus;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly startTime: number;
  /** Undefined until the span ends. */
  readonly endTime: number | undefined;
}

/** Starts a span that keeps what it is given. @returns the span for the program, and its record */
export function startRecordedSpan(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, links = [], root = false }: SpanOptions,
  parentContext: Context,
): { span: Span; record: RecordedSpan } {
  const parent = root ? undefined : trace.getSpanContext(parentContext);
  const spanContext: SpanContext = {
    traceId: parent?.traceId ?? randomHex(32),
    spanId: randomHex(16),
    traceFlags: TraceFlags.SAMPLED,
    ...(parent?.traceState && { traceState: parent.traceState }),
  };
  const record = {
    name,
    kind,
    attributes: { ...attributes },
    events: [] as { name: string; attributes: Attributes }[],
    links: [...links],
    status: { code: SpanStatusCode.UNSET } as SpanStatus,
    traceId: spanContext.traceId,
    spanId: spanContext.spanId,
    parentSpanId: parent?.spanId,
    startTime: performance.now(),
    endTime: undefined as number | undefined,
  };
  /** Changes the record, unless the span has ended. */
  function change(work: () => void): Span {
    if (record.endTime === undefined) work();
    return span;
  }

  const span: Span = {
    spanContext: () => spanContext,
    isRecording: () => record.endTime === undefined,
    setAttribute: (key: string, value: AttributeValue) =>
      change(() => void Object.assign(record.attributes, { [key]: value })),
    setAttributes: (more) => change(() => void Object.assign(record.attributes, more)),
    setStatus: (status) => change(() => void Object.assign(record, { status })),
    updateName: (name) => change(() => void Object.assign(record, { name })),
    addLink: (link) => change(() => void record.links.push(link)),
    addLinks: (more) => change(() => void record.links.push(...more)),
    addEvent: (event, given) =>
      change(() => {
        const isTime = given instanceof Date || Array.isArray(given) || typeof given !== 'object';
        record.events.push({ name: event, attributes: isTime ? {} : { ...(given as Attributes) } });
      }),
    recordException: (exception: Exception) =>
      void change(() => {
        const { name = 'Error', message = '' } =
          typeof exception === 'string' ? { message: exception } : exception;
        const recorded = { 'exception.type': name, 'exception.message': message };
        record.events.push({ name: 'exception', attributes: recorded });
      }),
    end: () => void change(() => void Object.assign(record, { endTime: performance.now() })),
  };
  return { span, record };
}

function randomHex(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
