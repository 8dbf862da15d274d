import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Settings } from '../settings.ts';

/**
 * Who this telemetry is from. What `OTEL_RESOURCE_ATTRIBUTES` says wins, and `OTEL_SERVICE_NAME` over
 * its `service.name`.
 */
export function createResource(
  version: string,
  runtime: { readonly name: string; readonly version: string },
  settings: Pick<Settings, 'OTEL_SERVICE_NAME' | 'OTEL_RESOURCE_ATTRIBUTES'>,
): Resource {
  const name = settings.OTEL_SERVICE_NAME;
  const own = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: DEFAULT_NAME,
    [ATTR_SERVICE_VERSION]: version,
    'service.instance.id': crypto.randomUUID(),
    'process.runtime.name': runtime.name,
    'process.runtime.version': runtime.version,
    ...settings.OTEL_RESOURCE_ATTRIBUTES,
    ...(name !== undefined && { [ATTR_SERVICE_NAME]: name }),
  });
  return defaultResource().merge(own);
}

const DEFAULT_NAME = 'todo';
