/** A trace as Jaeger's pages save it, with times in microseconds. */
export interface SavedJaegerTrace {
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, JaegerProcess>>;
}

interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly processID: string;
  readonly operationName: string;
  readonly startTime: number;
  readonly duration: number;
  readonly references?: readonly JaegerReference[] | null;
  readonly tags?: readonly JaegerTag[] | null;
  readonly logs?:
    | readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[]
    | null;
}

interface JaegerProcess {
  readonly serviceName: string;
  readonly tags?: readonly JaegerTag[] | null;
}

interface JaegerReference {
  readonly refType: string;
  readonly traceID: string;
  readonly spanID: string;
}

interface JaegerTag {
  readonly key: string;
  readonly value: unknown;
}

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'];
const ERROR_CODE = 2;
/** Tags that are fields of a span in OTLP. */
const FIELD_TAGS: ReadonlySet<string> = new Set(['span.kind', 'error']);

/** Converts a trace of Jaeger to OTLP's JSON. @throws TypeError if it is not one */
export function jaegerToOtlp({ spans, processes }: SavedJaegerTrace): object {
  return {
    resourceSpans: spans.map((span) => ({
      resource: { attributes: resourceAttributes(processes[span.processID]) },
      scopeSpans: [{ spans: [convertSpan(span)] }],
    })),
  };
}

function resourceAttributes(process: JaegerProcess | undefined): object[] {
  const name = { key: 'service.name', value: { stringValue: process?.serviceName } };
  return [name, ...(process?.tags ?? []).map(convertTag)];
}

function convertSpan(span: JaegerSpan): object {
  const { startTime, duration } = span;
  const tags = span.tags ?? [];
  const references = span.references ?? [];
  const tagOf = (key: string) => tags.find((tag) => tag.key === key)?.value;
  return {
    ...convertIds(span),
    parentSpanId: references
      .filter(({ refType }) => refType === 'CHILD_OF')
      .map((parent) => convertIds(parent).spanId)[0],
    links: references.filter(({ refType }) => refType !== 'CHILD_OF').map(convertIds),
    name: span.operationName,
    kind: 1 + Math.max(0, KINDS.indexOf(String(tagOf('span.kind')))),
    startTimeUnixNano: toNanos(startTime),
    endTimeUnixNano: toNanos(startTime + duration),
    attributes: tags.filter(({ key }) => !FIELD_TAGS.has(key)).map(convertTag),
    status: String(tagOf('error')) === 'true' ? { code: ERROR_CODE } : {},
    events: (span.logs ?? []).map(({ timestamp, fields }) => ({
      timeUnixNano: toNanos(timestamp),
      name: fields.find(({ key }) => key === 'event')?.value,
      attributes: fields.filter(({ key }) => key !== 'event').map(convertTag),
    })),
  };
}

/** Adds the leading zeros that Jaeger leaves out. */
function convertIds({ traceID, spanID }: Pick<JaegerSpan, 'traceID' | 'spanID'>) {
  return { traceId: traceID.padStart(32, '0'), spanId: spanID.padStart(16, '0') };
}

function toNanos(micros: number): string {
  return `${Math.round(micros)}000`;
}

function convertTag({ key, value }: JaegerTag): object {
  return { key, value: convertValue(value) };
}

function convertValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { stringValue: JSON.stringify(value) };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
