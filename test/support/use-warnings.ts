import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach } from 'vitest';

/** Collects the warnings of OpenTelemetry's diagnostics during each test. */
export function useWarnings(): readonly string[] {
  const warnings: string[] = [];
  const silent = () => {};
  const warn = (message: string) => void warnings.push(message);
  beforeEach(() => {
    diag.setLogger({ warn, error: silent, info: silent, debug: silent, verbose: silent });
  });
  afterEach(() => {
    diag.disable();
    warnings.length = 0;
  });
  return warnings;
}
