import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';

/** Who this telemetry is from. What `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` say wins. */
export function createResource(
  version: string,
  runtime: { readonly name: string; readonly version: string },
): Resource {
  const own = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: 'todo',
    [ATTR_SERVICE_VERSION]: version,
    'service.instance.id': crypto.randomUUID(),
    'process.runtime.name': runtime.name,
    'process.runtime.version': runtime.version,
  });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}
