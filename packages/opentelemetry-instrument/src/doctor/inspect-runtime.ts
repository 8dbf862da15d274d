import { SDK_INFO } from '@opentelemetry/core';
import { SHARED_API } from '../sdk/shared-api.ts';
import type { Cause, RuntimeFinding } from './diagnosis.ts';
import type { DoctorOptions } from './options.ts';

const LOGS_API = Symbol.for('io.opentelemetry.js.api.logs');

/** Returns which providers are registered with the API. Call it before ours are. */
export function inspectRuntime({
  runtime,
  apiVersion,
}: Pick<DoctorOptions, 'runtime' | 'apiVersion'>): RuntimeFinding {
  const { version, ...rest } = (Reflect.get(globalThis, SHARED_API) ?? {}) as Record<
    string,
    unknown
  >;
  return {
    name: runtime.name,
    version: runtime.version,
    hasOwnTelemetry: runtime.hasOwnTelemetry,
    apiVersion,
    sdkVersion: SDK_INFO['telemetry.sdk.version'],
    registeredApiVersion: version === undefined ? null : String(version),
    registered: [
      ...['trace', 'metrics'].filter((name) => rest[name] !== undefined),
      ...(Reflect.has(globalThis, LOGS_API) ? ['logs'] : []),
    ],
  };
}

/** Explains why the SDK of the app is off; returns undefined if it is not. */
export function explainRuntime({
  name,
  hasOwnTelemetry,
  registered,
  registeredApiVersion,
  apiVersion,
}: RuntimeFinding): Cause | undefined {
  if (hasOwnTelemetry) return undefined;
  if (registered.length > 0) {
    return {
      because: `another OpenTelemetry SDK is registered in this process (${registered.join(', ')}), so ours is off.`,
      change: `Start ${name} without it: check --import, --require, --preload and NODE_OPTIONS.`,
    };
  }
  if (registeredApiVersion !== null && registeredApiVersion !== apiVersion) {
    return {
      because: `another copy of @opentelemetry/api (${registeredApiVersion}) is registered and rejects ours (${apiVersion}).`,
      change: `Start ${name} without it: check --import, --require, --preload and NODE_OPTIONS.`,
    };
  }
  return undefined;
}
