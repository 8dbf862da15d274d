import {
  type Attributes,
  type Context,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { activeRequest } from './active-request.ts';
import { type ExceptionLoggerProvider, emitRecord } from './log-record.ts';
import { createRedactor, type Redactor } from './redact.ts';
import { safely } from './safely.ts';

/**
 * The signal that carries an exception: an event of the span, a log record, or both. The values are
 * those of `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`.
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/
 */
export type ExceptionSignal = 'span' | 'logs' | 'logs/dup';

/** Severity numbers of the log data model. `SeverityNumber` is not part of API 1.9. */
const SEVERITY = { ERROR: 17, FATAL: 21 } as const;

/**
 * Returns the class of an error, or the `typeof` of any other value; `_OTHER` if it is unreadable.
 *
 * Node aborts a request with a string as the reason, and `fetch()` and drivers throw that string. It
 * counts as the `AbortError` of the other runtimes.
 *
 * @param request the request whose handler threw the value
 */
export function errorType(thrown: unknown, request?: Pick<Request, 'signal'>): string {
  if (isError(thrown)) {
    const type = safely(() => (thrown.name === 'Error' ? thrown.constructor.name : thrown.name));
    return typeof type === 'string' && type !== '' ? type : '_OTHER';
  }
  if (thrown === null) return 'null';
  if (typeof thrown === 'string' && request && safely(() => isAbortReason(thrown, request))) {
    return 'AbortError';
  }
  return typeof thrown;
}

/** Returns true for an error, also for one of another realm, which is not an `Error` of this one. */
function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  const tag = safely(() => Object.prototype.toString.call(thrown));
  return tag === '[object Error]' || tag === '[object DOMException]';
}

function isAbortReason(thrown: string, { signal }: Pick<Request, 'signal'>): boolean {
  return signal.aborted && signal.reason === thrown;
}

/**
 * Returns the status of an `HTTPException`, which Hono turns into a response. The class is not imported:
 * an app may have several copies of Hono.
 */
export function statusOfHttpException(thrown: unknown): number | undefined {
  const isHttpException = thrown instanceof Error && 'getResponse' in thrown && 'status' in thrown;
  return isHttpException ? Number(thrown.status) : undefined;
}

/** Marks a span as failed. */
export function setError(span: Span, type: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Records an exception of a request's handler. */
export type RecordException = (span: Span, thrown: unknown, type: string, context: Context) => void;

/** Creates a function that records exceptions as the signal that `signal` names. */
export function createExceptionRecorder(
  signal: ExceptionSignal,
  redactor: Redactor,
  loggerProvider?: ExceptionLoggerProvider,
): RecordException {
  return function recordException(span, thrown, type, context) {
    const attributes = exceptionAttributes(thrown, type, redactor);
    if (signal !== 'logs') span.addEvent('exception', attributes);
    if (signal === 'span') return;
    const record = {
      eventName: 'http.server.request.exception',
      severityNumber: SEVERITY.ERROR,
      severityText: 'ERROR',
      attributes,
      context,
    };
    emitRecord(record, loggerProvider, true);
  };
}

/** Returns the attributes of an exception, redacted: messages and stack traces often quote a URL. */
function exceptionAttributes(thrown: unknown, type: string, redactor: Redactor): Attributes {
  const attributes: Attributes = { [ATTR_EXCEPTION_TYPE]: type };
  safely(() => {
    if (isError(thrown)) {
      attributes[ATTR_EXCEPTION_MESSAGE] = redactor.text(thrown.message);
      if (thrown.stack !== undefined) {
        attributes[ATTR_EXCEPTION_STACKTRACE] = redactor.text(thrown.stack);
      }
    } else if (typeof thrown === 'string') {
      attributes[ATTR_EXCEPTION_MESSAGE] = redactor.text(thrown);
    }
  });
  return attributes;
}

/**
 * Records an uncaught exception as a log record of severity FATAL, and marks the active span as failed.
 *
 * @param thrown the exception, which can be any value
 * @param kind body of the log record, such as `uncaughtException`
 * @param signal also adds an event to the span unless it is `logs`
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 * @example
 * ```ts
 * import { recordCrash } from 'hono-opentelemetry';
 * import process from 'node:process';
 *
 * process.on('uncaughtExceptionMonitor', (error, origin) => recordCrash(error, origin));
 * ```
 */
export function recordCrash(
  thrown: unknown,
  kind: string,
  signal: ExceptionSignal = 'span',
  redactor: Redactor = createRedactor(),
): void {
  const type = errorType(thrown, activeRequest()?.c?.req.raw);
  const attributes = exceptionAttributes(thrown, type, redactor);
  const record = {
    severityNumber: SEVERITY.FATAL,
    severityText: 'FATAL',
    body: kind,
    attributes,
  };
  safely(() => emitRecord(record, undefined, signal !== 'span'));
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  safely(() => {
    if (signal !== 'logs') span.addEvent('exception', attributes);
    setError(span, type);
  });
}
