import type { Attributes } from '@opentelemetry/api';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  ATTR_SERVICE_NAME,
  ATTR_TELEMETRY_SDK_LANGUAGE,
} from '@opentelemetry/semantic-conventions';
import type { Settings } from '../settings/index.ts';

export type ResourceSettings = Pick<Settings, 'OTEL_SERVICE_NAME' | 'OTEL_RESOURCE_ATTRIBUTES'>;

/** Version of the semantic conventions that recorded telemetry follows. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

/** Returns a resource. `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` override the attributes. */
export function toResource(
  attributes: Attributes,
  { OTEL_SERVICE_NAME: name, OTEL_RESOURCE_ATTRIBUTES: configured }: ResourceSettings,
): Resource {
  const all = {
    ...attributes,
    ...configured,
    ...(name !== undefined && { [ATTR_SERVICE_NAME]: name }),
  };
  return defaultResource().merge(resourceFromAttributes(all, { schemaUrl: SCHEMA_URL }));
}

/**
 * Returns the resource of spans that browsers send. It replaces the resource in their requests.
 * Only the namespace and the environment in `OTEL_RESOURCE_ATTRIBUTES` also apply to browsers.
 */
export function createBrowserResource(
  resource: Attributes,
  { OTEL_RESOURCE_ATTRIBUTES: configured }: Pick<ResourceSettings, 'OTEL_RESOURCE_ATTRIBUTES'>,
): Resource {
  const shared = Object.entries(configured).filter(([key]) => SHARED_WITH_BROWSERS.has(key));
  const attributes = {
    ...Object.fromEntries(shared),
    [ATTR_TELEMETRY_SDK_LANGUAGE]: 'webjs',
    ...resource,
  };
  return resourceFromAttributes(attributes, { schemaUrl: SCHEMA_URL });
}

const SHARED_WITH_BROWSERS = new Set(['service.namespace', 'deployment.environment.name']);
