import { diag } from '@opentelemetry/api';

/**
 * Runs a piece of telemetry. What it throws must not reach the app and is told to `diag`.
 * @returns undefined when it threw
 */
export function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    diag.error('hono-opentelemetry: telemetry failed, the app goes on:', error);
    return undefined;
  }
}
