import type { LoggerProvider } from '@opentelemetry/api-logs';

/** Names of the parts that an SDK registers with the API. Version 1.10 has logs. */
export const API_PARTS = ['context', 'propagation', 'trace', 'metrics', 'logs'] as const;

/** The object in which all copies of `@opentelemetry/api` 1.x keep what is registered. */
export type SharedApi = { version: string; diag?: unknown } & {
  [Part in (typeof API_PARTS)[number]]?: unknown;
};

/** Key of the object in `globalThis`. */
export const SHARED_API: unique symbol = Symbol.for('opentelemetry.js.api.1');

/** Registers a logger provider with API 1.10, which does not look for that of `api-logs`. */
export function shareLoggerProvider(provider: LoggerProvider): void {
  const api = Reflect.get(globalThis, SHARED_API) as SharedApi | undefined;
  if (api !== undefined) api.logs ??= provider;
}
