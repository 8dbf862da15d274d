import process from 'node:process';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_TELEMETRY_SDK_LANGUAGE,
  ATTR_TELEMETRY_SDK_NAME,
  ATTR_TELEMETRY_SDK_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { Settings } from '../settings.ts';

/** The semantic conventions of the telemetry that is recorded here. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

/**
 * Who this telemetry is from. What `OTEL_RESOURCE_ATTRIBUTES` says wins, and `OTEL_SERVICE_NAME` over
 * its `service.name`.
 */
export function createResource(
  version: string,
  runtime: { readonly name: string; readonly version: string; readonly measures?: unknown },
  settings: Pick<Settings, 'OTEL_SERVICE_NAME' | 'OTEL_RESOURCE_ATTRIBUTES'>,
): Resource {
  const name = settings.OTEL_SERVICE_NAME;
  const attributes = {
    [ATTR_SERVICE_NAME]: DEFAULT_NAME,
    [ATTR_SERVICE_VERSION]: version,
    'service.instance.id': crypto.randomUUID(),
    'process.runtime.name': runtime.name,
    'process.runtime.version': runtime.version,
    // They identify the process that the metrics `process.*` describe.
    ...(runtime.measures !== undefined && {
      'process.pid': process.pid,
      'process.creation.time': new Date(performance.timeOrigin).toISOString(),
    }),
    ...settings.OTEL_RESOURCE_ATTRIBUTES,
    ...(name !== undefined && { [ATTR_SERVICE_NAME]: name }),
  };
  return defaultResource().merge(resourceFromAttributes(attributes, { schemaUrl: SCHEMA_URL }));
}

/**
 * Who the spans of the app's pages are from, whatever these say themselves. Of
 * `OTEL_RESOURCE_ATTRIBUTES` only what holds for them as well.
 */
export function createBrowserResource(
  version: string,
  { OTEL_RESOURCE_ATTRIBUTES: configured }: Pick<Settings, 'OTEL_RESOURCE_ATTRIBUTES'>,
): Resource {
  const shared = Object.entries(configured).filter(([key]) => SHARED_WITH_BROWSERS.has(key));
  const attributes = {
    ...Object.fromEntries(shared),
    [ATTR_SERVICE_NAME]: 'todo-web',
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_TELEMETRY_SDK_LANGUAGE]: 'webjs',
    // Not opentelemetry, which would be its SDK.
    [ATTR_TELEMETRY_SDK_NAME]: 'hono-opentelemetry',
    [ATTR_TELEMETRY_SDK_VERSION]: version,
  };
  return resourceFromAttributes(attributes, { schemaUrl: SCHEMA_URL });
}

const DEFAULT_NAME = 'todo';
const SHARED_WITH_BROWSERS = new Set(['service.namespace', 'deployment.environment.name']);
