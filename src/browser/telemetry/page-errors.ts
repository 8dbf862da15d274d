import {
  attempt,
  createContext,
  errorTypeOf,
  INTERNAL,
  now,
  type RecordSpan,
  type SpanContext,
} from './span.ts';

/** Maximum number of errors per page; a repeated error adds no information. */
const MAX_ERRORS = 20;

/** Records uncaught errors and unhandled rejections of the app's scripts. */
export function recordErrors(load: SpanContext, record: RecordSpan): void {
  let count = 0;

  function recordError(name: string, thrown: unknown, place = ''): void {
    const isError = thrown instanceof Error;
    const places = placesIn(isError ? `${thrown.stack}` : place);
    // An error of a browser extension or the console.
    if (places.length === 0) return;
    count += 1;
    if (count > MAX_ERRORS) return;
    const type = errorTypeOf(thrown);
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

  // An error in here would be recorded next, so swallow it.
  addEventListener('error', ({ type, error, filename, lineno, colno }) =>
    attempt(() => recordError(type, error, `${filename}:${lineno}:${colno}`)),
  );
  addEventListener('unhandledrejection', ({ type, reason }) =>
    attempt(() => recordError(type, reason)),
  );
}

/** Returns the positions in the app's scripts; other parts of a stack may belong to the message. */
function placesIn(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const [place] = /\/(app|telemetry)\.js(\?v=[\da-f]{8})?:\d+:\d+/.exec(line) ?? [];
    return place && line.includes(location.origin + place) ? [location.origin + place] : [];
  });
}
