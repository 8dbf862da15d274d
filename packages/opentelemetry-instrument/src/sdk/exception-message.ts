import util from 'node:util';
import type { LogAttributes } from '@opentelemetry/api-logs';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';

/** Formats arguments as a console does, without colors. One that throws becomes `[unreadable]`. */
export function formatMessage(args: readonly unknown[]): string {
  try {
    return util.format(...args);
  } catch {
    return args.map(formatOne).join(' ');
  }
}

function formatOne(arg: unknown): string {
  try {
    return util.format(arg);
  } catch {
    return '[unreadable]';
  }
}

/** Returns the attributes of the first error among the arguments, best effort. */
export function exceptionAttributes(args: readonly unknown[]): LogAttributes {
  const attributes: LogAttributes = {};
  try {
    const error = args.find((arg) => arg instanceof Error);
    if (error === undefined) return attributes;
    attributes[ATTR_EXCEPTION_TYPE] = error.name === 'Error' ? error.constructor.name : error.name;
    attributes[ATTR_EXCEPTION_MESSAGE] = error.message;
    attributes[ATTR_EXCEPTION_STACKTRACE] = error.stack;
  } catch {
    // Any access to a property may throw.
  }
  return attributes;
}
