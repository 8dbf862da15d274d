import { AsyncLocalStorage } from 'node:async_hooks';
import { DiagLogLevel, diag } from '@opentelemetry/api';

const listeners = new AsyncLocalStorage<(message: string, detail: string) => void>();

/**
 * Lets `hear()` work until the result is called. Only the SDK's OTLP exporters know of a partial
 * success, and they tell it to nobody but the API's one diagnostic logger.
 */
export function openWarnings(): () => void {
  const silent = () => {};
  diag.setLogger(
    {
      warn: (message, ...details) => listeners.getStore()?.(message, String(details[0] ?? '')),
      error: silent,
      info: silent,
      debug: silent,
      verbose: silent,
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return () => diag.disable();
}

/** Calls `listen` with each warning that `work` causes, and with nobody else's. */
export function hear<T>(listen: (message: string, detail: string) => void, work: () => T): T {
  return listeners.run(listen, work);
}
