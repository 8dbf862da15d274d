import { onCLS, onINP, onLCP } from 'web-vitals';
import type { Fetch } from './send.ts';

// What spans hold of a person: nothing. Of a URL what `cleanUrl()` leaves, of an error its type and
// the places in our own scripts. Names and attributes are those of OpenTelemetry's instrumentations
// for documents and fetch().

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

type Attributes = Record<string, string | number | undefined>;

interface SpanEvent {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly attributes?: Attributes;
}

interface Span {
  readonly context: SpanContext;
  readonly parent?: SpanContext | undefined;
  readonly name: string;
  readonly kind: typeof INTERNAL | typeof CLIENT;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  readonly events?: readonly SpanEvent[];
  readonly isError?: boolean;
}

type RecordSpan = (span: Span) => void;

// As OTLP numbers them.
const INTERNAL = 1;
const CLIENT = 3;
const ERROR = 2;

/** Milliseconds from a span to the batch that it is sent in. */
const DELAY = 5_000;
/** Spans that wait, and their size as JSON: a browser keeps 64 kB for beacons. What is more is lost. */
const MAX_SPANS = 100;
const MAX_SIZE = 60_000;
/** Errors of one page: one that repeats itself says nothing new. */
const MAX_ERRORS = 20;
const MAX_RESOURCES = 20;
/** A page that is painted later was loaded in the background; its first paint is not part of the load. */
const MAX_PAINT_DELAY_MS = 1_000;

/**
 * Records the page's load, the errors of its script and, through the `fetch()` that it returns, the
 * requests to its own server, of which each begins a trace. Whether anything is sampled is the
 * server's decision for the page, as it stands in `Server-Timing: trace;desc="00-…-00"`.
 * @param url where spans are sent as OTLP/JSON: of this server, or of a Collector that allows it by CORS
 */
export function startTelemetry(url: string): Fetch {
  const [page] = performance.getEntriesByType('navigation');
  const server = page?.serverTiming?.find(({ name }) => name === 'trace')?.description;
  const parent = parseTraceparent(server);
  const isSampled = parent?.isSampled ?? true;
  if (!isSampled) return traceFetch(isSampled, () => {});

  const { record, send } = createSender(url);
  const load = createContext(parent ?? { isSampled });
  if (page) recordLoad(page, load, parent, record);
  recordErrors(load, record);
  // Behind the listeners of web-vitals and of the load, which have the last word on it.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && send());
  addEventListener('pagehide', send);
  return traceFetch(isSampled, record);
}

/** @see https://www.w3.org/TR/trace-context-2/#traceparent-header-field-values */
function parseTraceparent(text = ''): SpanContext | undefined {
  const [, traceId, spanId, flags] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text) ?? [];
  if (!traceId || !spanId) return undefined;
  return { traceId, spanId, isSampled: Number(`0x${flags}`) % 2 === 1 };
}

/** Of a new span: below another, or the first of its trace. */
function createContext({ traceId = randomHex(16), isSampled = true }: Partial<SpanContext>) {
  return { traceId, spanId: randomHex(8), isSampled };
}

function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}

/** Whatever goes wrong here, the request is made, and its answer is what it would be without us. */
function traceFetch(isSampled: boolean, record: RecordSpan): Fetch {
  return async function tracedFetch(url, init = {}) {
    const request = attempt(() =>
      startRequest(new URL(url, location.href), init, isSampled, record),
    );
    try {
      const response = await fetch(url, request?.init ?? init);
      attempt(() => request?.answered(response));
      return response;
    } catch (error) {
      attempt(() => request?.end(undefined, error));
      throw error;
    }
  };
}

function startRequest(url: URL, init: RequestInit, isSampled: boolean, record: RecordSpan) {
  // Another site has no business with our ids.
  if (url.origin !== location.origin) return undefined;
  const context = createContext({ isSampled });
  const headers = new Headers(init.headers);
  headers.set('traceparent', `00-${context.traceId}-${context.spanId}-0${Number(isSampled)}`);
  const { method = 'GET' } = init;
  const start = now();
  const startTime = performance.now();

  function end(status?: number, error?: unknown): void {
    const failure = status !== undefined && status >= 400 ? `${status}` : undefined;
    const type = error === undefined ? failure : typeOf(error);
    record({
      context,
      name: method,
      kind: CLIENT,
      start,
      // The clock may be set meanwhile.
      end: start + performance.now() - startTime,
      attributes: {
        'http.request.method': method,
        'url.full': cleanUrl(url.href),
        'server.address': url.hostname,
        'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        'http.response.status_code': status,
        'error.type': type,
      },
      isError: type !== undefined,
    });
  }

  return {
    init: { ...init, headers },
    /** It ends with the body, of which whoever has asked reads another copy. */
    answered(response: Response): void {
      const { status } = response;
      response
        .clone()
        .arrayBuffer()
        .then(
          () => end(status),
          (error) => end(status, error),
        );
    },
    end,
  };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Milliseconds since 1970, to the microsecond as long as the page has not slept. */
function now(): number {
  const precise = performance.timeOrigin + performance.now();
  const wall = Date.now();
  return Math.abs(precise - wall) < 10 ? precise : wall;
}

/** Without all that a person may have typed into it: of the query what is the app's own. */
function cleanUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const known = search.match(
    /(?<=[?&])(show=(active|completed)|after=-?\d{1,16}\.\d{1,16}|v=[\da-f]{8})(?=&|$)/g,
  );
  return origin + pathname + (known ? `?${known.join('&')}` : '');
}

type Timing = PerformanceResourceTiming | PerformanceNavigationTiming;

const FETCH_EVENTS =
  'fetchStart domainLookupStart domainLookupEnd connectStart secureConnectionStart connectEnd ' +
  'requestStart responseStart responseEnd';
const LOAD_EVENTS =
  'fetchStart unloadEventStart unloadEventEnd domInteractive domContentLoadedEventStart ' +
  'domContentLoadedEventEnd domComplete loadEventStart loadEventEnd';
const PAINTS = { 'first-paint': 'firstPaint', 'first-contentful-paint': 'firstContentfulPaint' };

/** Records what the page has loaded, and the load itself once the page is left: with its vitals. */
function recordLoad(
  page: PerformanceNavigationTiming,
  context: SpanContext,
  parent: SpanContext | undefined,
  record: RecordSpan,
): void {
  function recordFetch(name: string, timing: Timing): void {
    record({
      context: createContext(context),
      parent: context,
      name,
      kind: INTERNAL,
      start: wallTime(timing.fetchStart),
      end: wallTime(timing.responseEnd),
      attributes: { 'url.full': cleanUrl(timing.name) },
      events: eventsOf(timing, FETCH_EVENTS),
    });
  }
  const attributes: Attributes = {
    'url.full': cleanUrl(page.name),
    'user_agent.original': navigator.userAgent,
  };
  const vitals = new Map<string, Attributes>();
  for (const observe of [onLCP, onINP, onCLS]) {
    observe(
      ({ name, value, id, rating, navigationType }) => {
        vitals.set(name, {
          'browser.web_vital.name': name.toLowerCase(),
          'browser.web_vital.value': value,
          // It is reported once.
          'browser.web_vital.delta': value,
          'browser.web_vital.id': id,
          'browser.web_vital.rating': rating,
          'browser.web_vital.navigation_type': navigationType,
        });
      },
      { reportAllChanges: true },
    );
  }
  let isRecorded = false;
  function leave(): void {
    if (isRecorded || document.visibilityState !== 'hidden') return;
    isRecorded = true;
    recordFetch('documentFetch', page);
    const resources = performance
      .getEntriesByType('resource')
      // Neither this module nor what a visitor's extensions have loaded.
      .filter(({ name, startTime }) => isOurs(name) && startTime < page.loadEventEnd);
    for (const resource of resources.slice(0, MAX_RESOURCES)) {
      recordFetch('resourceFetch', resource);
    }
    const paints = performance
      .getEntriesByType('paint')
      .filter(({ startTime }) => startTime - page.loadEventEnd < MAX_PAINT_DELAY_MS)
      .map(({ name, startTime }) => ({
        name: PAINTS[name as keyof typeof PAINTS],
        time: wallTime(startTime),
      }));
    record({
      context,
      parent,
      name: 'documentLoad',
      kind: INTERNAL,
      start: wallTime(page.fetchStart),
      end: wallTime(page.loadEventEnd),
      attributes,
      events: [
        ...eventsOf(page, LOAD_EVENTS),
        ...paints,
        // They are known later, but belong to this load.
        ...Array.from(vitals.values(), (vital) => ({
          name: 'browser.web_vital',
          time: wallTime(page.loadEventEnd),
          attributes: vital,
        })),
      ],
    });
  }
  addEventListener('visibilitychange', leave);
}

function eventsOf(timing: Timing, names: string): SpanEvent[] {
  return names.split(' ').flatMap((name) => {
    const time = Reflect.get(timing, name);
    // What has not happened is at 0.
    return time > 0 ? [{ name, time: wallTime(time) }] : [];
  });
}

function wallTime(time: number): number {
  return performance.timeOrigin + time;
}

function isOurs(url: string): boolean {
  return url.startsWith(`${location.origin}/`);
}

function recordErrors(load: SpanContext, record: RecordSpan): void {
  let count = 0;

  function recordError(name: string, thrown: unknown, place = ''): void {
    const isError = thrown instanceof Error;
    const places = placesIn(isError ? `${thrown.stack}` : place);
    // Not ours, but of an extension or of what was typed into the console.
    if (places.length === 0) return;
    count += 1;
    if (count > MAX_ERRORS) return;
    const type = typeOf(thrown);
    const stacktrace = [type, ...places].join('\n    at ');
    const attributes = { 'exception.type': type, 'exception.stacktrace': stacktrace };
    const time = now();
    record({
      context: createContext(load),
      parent: load,
      name,
      kind: INTERNAL,
      start: time,
      end: time,
      attributes: { 'error.type': type },
      events: [{ name: 'exception', time, attributes }],
      isError: true,
    });
  }

  // An error in here would be the next to be recorded.
  addEventListener('error', ({ type, error, filename, lineno, colno }) =>
    attempt(() => recordError(type, error, `${filename}:${lineno}:${colno}`)),
  );
  addEventListener('unhandledrejection', ({ type, reason }) =>
    attempt(() => recordError(type, reason)),
  );
}

function typeOf(thrown: unknown): string {
  const { name } = thrown instanceof Error ? thrown : { name: typeof thrown };
  return /^\w{1,99}$/.test(name) ? name : 'Error';
}

/** Lines and columns of our scripts in a stack: what else stands there may be the message's. */
function placesIn(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const [place] = /\/(app|telemetry)\.js(\?v=[\da-f]{8})?:\d+:\d+/.exec(line) ?? [];
    return place && line.includes(location.origin + place) ? [location.origin + place] : [];
  });
}

interface Sender {
  readonly record: RecordSpan;
  /** Sends what waits, at once. */
  send(): void;
}

function createSender(url: string): Sender {
  const target = new URL(url, location.href);
  let waiting: string[] = [];
  let size = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function record(span: Span): void {
    const text = JSON.stringify(encode(span));
    if (waiting.length === MAX_SPANS || size + text.length > MAX_SIZE) return;
    waiting.push(text);
    size += text.length;
    timer ??= setTimeout(send, DELAY);
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
    // A beacon to another site asks for credentials, which Collectors do not allow.
    else
      fetch(target, { method: 'POST', body: blob, keepalive: true, credentials: 'omit' }).catch(
        () => {},
      );
  }

  return { record, send };
}

/** The app's, put in by the build. */
declare const VERSION: string;

/** Of the semantic conventions that names come from. */
const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

// As the server says it, which overwrites what comes to itself.
const RESOURCE = {
  'service.name': 'todo-web',
  'service.version': VERSION,
  'telemetry.sdk.language': 'webjs',
  'telemetry.sdk.name': 'hono-opentelemetry',
  'telemetry.sdk.version': VERSION,
};

/** @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function encode({
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
  // A page may be painted after its load has ended: a span includes its events.
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

/** Of milliseconds, as a text: they are more than a number holds. */
function nanoseconds(time: number): string {
  return `${Math.round(time * 1_000)}000`;
}

function encodeAttributes(attributes: Attributes) {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: encodeValue(value) }));
}

function encodeValue(value: Attributes[string]) {
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
