import { diag } from '@opentelemetry/api';

/**
 * Runs telemetry code. An exception is reported to `diag` and does not reach the app.
 * @returns undefined after an exception
 */
export function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    diag.error('hono-opentelemetry: telemetry failed:', error);
    return undefined;
  }
}
