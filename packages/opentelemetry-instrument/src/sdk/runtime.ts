import process from 'node:process';
import { SHARED_API, type SharedApi } from './shared-api.ts';

/** The JavaScript runtime that this process runs on. */
export interface RuntimeDescription {
  /** Value of the resource attribute `process.runtime.name`. */
  readonly name: string;
  /** Value of the resource attribute `process.runtime.version`. */
  readonly version: string;
  /** True when the runtime exports telemetry itself and owns the global providers (`OTEL_DENO`). */
  readonly hasOwnTelemetry: boolean;
}

/** Version with which Deno registers its telemetry, to be compatible with all copies of the API. */
const DENO_API_VERSION = '1.999.999';

/** Describes the current runtime. */
export function detectRuntime(): RuntimeDescription {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return { name: 'bun', version: bun, hasOwnTelemetry: false };
  if (deno === undefined) return { name: 'nodejs', version: node, hasOwnTelemetry: false };
  // Deno registers its telemetry before the program starts. OTEL_DENO, OTEL_DENO_TRACING,
  // OTEL_DENO_METRICS and OTEL_SDK_DISABLED all affect it, so look at the result instead.
  const registered = Reflect.get(globalThis, SHARED_API) as SharedApi | undefined;
  const hasOwnTelemetry =
    registered?.version === DENO_API_VERSION && ('trace' in registered || 'metrics' in registered);
  return { name: 'deno', version: deno, hasOwnTelemetry };
}
