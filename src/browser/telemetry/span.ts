// Spans contain no user text. A URL is reduced by `cleanUrl()`, an error to its type and its positions in
// the app's own scripts. Names and attributes are those of OpenTelemetry's
// instrumentations for documents and fetch().

/** Ids of a span, and the sampling decision of its trace. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

export type SpanAttributes = Record<string, string | number | undefined>;

export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly attributes?: SpanAttributes;
}

export interface Span {
  readonly context: SpanContext;
  readonly parent?: SpanContext | undefined;
  readonly name: string;
  readonly kind: typeof INTERNAL | typeof CLIENT;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: SpanAttributes;
  readonly events?: readonly SpanEvent[];
  readonly isError?: boolean;
}

export type RecordSpan = (span: Span) => void;

// Values of OTLP's enums.
export const INTERNAL = 1;
export const CLIENT = 3;
export const ERROR = 2;

/**
 * Parses a `traceparent`.
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header-field-values
 */
export function parseTraceparent(text = ''): SpanContext | undefined {
  const [, traceId, spanId, flags] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text) ?? [];
  if (!traceId || !spanId) return undefined;
  return { traceId, spanId, isSampled: Number(`0x${flags}`) % 2 === 1 };
}

/** Creates the context of a new span: a child, or the root of a trace. */
export function createContext({ traceId = randomHex(16), isSampled = true }: Partial<SpanContext>) {
  return { traceId, spanId: randomHex(8), isSampled };
}

function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}

/** Returns undefined if `run` throws: telemetry must not break the page. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Returns milliseconds since 1970, with microseconds unless the machine has slept. */
export function now(): number {
  const precise = performance.timeOrigin + performance.now();
  const wall = Date.now();
  return Math.abs(precise - wall) < 10 ? precise : wall;
}

/** Removes everything from a URL that a user may have typed: keeps only the app's own query. */
export function cleanUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const known = search.match(
    /(?<=[?&])(show=(active|completed)|after=-?\d{1,16}\.\d{1,16}|v=[\da-f]{8})(?=&|$)/g,
  );
  return origin + pathname + (known ? `?${known.join('&')}` : '');
}

/** Returns the type of a thrown value, without anything that may be a message. */
export function errorTypeOf(thrown: unknown): string {
  const { name } = thrown instanceof Error ? thrown : { name: typeof thrown };
  return /^\w{1,99}$/.test(name) ? name : 'Error';
}
