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
import { activeRequest } from './http/active-request.ts';
import { type ExceptionLoggerProvider, emitRecord } from './log-record.ts';
import { createRedactor, type Redactor } from './redact.ts';
import { safely } from './safely.ts';

/**
 * Where an exception's details go: an event on the span, a log record, or both.
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/ (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`)
 */
export type ExceptionSignal = 'span' | 'logs' | 'logs/dup';

/** Severity numbers of the log data model. `SeverityNumber` is not part of API 1.9. */
const SEVERITY = { ERROR: 17, FATAL: 21 } as const;

/**
 * Returns the class of an error, or the `typeof` of any other value; `_OTHER` if it is unreadable.
 *
 * On Node a request is aborted with a string as the reason, which `fetch()` and drivers throw as it
 * is. That counts as the `AbortError` that the other runtimes have.
 *
 * @param request the request that was handled when the exception was thrown
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

/** Whether a value is an error, which one of another realm is without being an `Error` of this one. */
function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  const tag = safely(() => Object.prototype.toString.call(thrown));
  return tag === '[object Error]' || tag === '[object DOMException]';
}

function isAbortReason(thrown: string, { signal }: Pick<Request, 'signal'>): boolean {
  return signal.aborted && signal.reason === thrown;
}

export function setError(span: Span, type: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Records what a request's handler threw. */
export type RecordException = (span: Span, thrown: unknown, type: string, context: Context) => void;

export function exceptionRecorder(
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

/** Messages and stack traces often quote a URL. */
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
 * Records what nobody caught as a log record, and marks the span that was active, if any.
 * @param kind the record's body
 * @param signal whether the span gets an event, too; the log record is made in any case
 */
export function recordCrash(
  thrown: unknown,
  kind: string,
  signal: ExceptionSignal = 'span',
  redactor: Redactor = createRedactor(),
): void {
  const type = errorType(thrown, activeRequest()?.c.req.raw);
  const attributes = exceptionAttributes(thrown, type, redactor);
  const record = {
    severityNumber: SEVERITY.FATAL,
    severityText: 'FATAL',
    body: kind,
    attributes,
  };
  emitRecord(record, undefined, signal !== 'span');
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  if (signal !== 'logs') span.addEvent('exception', attributes);
  setError(span, type);
}
