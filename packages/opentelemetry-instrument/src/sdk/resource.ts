import { basename } from 'node:path';
import process from 'node:process';
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { type ResourceSettings, toResource } from './resource-attributes.ts';
import type { RuntimeDescription } from './runtime.ts';
import { METRIC_CAPABILITIES } from './runtime-metrics/capabilities.ts';

/**
 * Returns the resource of this process. `OTEL_RESOURCE_ATTRIBUTES` overrides `resource`, and
 * `OTEL_SERVICE_NAME` overrides both.
 */
export function createResource(
  { resource, runtime }: { readonly resource: Attributes; readonly runtime: RuntimeDescription },
  settings: ResourceSettings,
): Resource {
  const attributes = {
    // The default of the SDK may contain a folder.
    'service.name': `unknown_service:${basename(process.argv0)}`,
    ...resource,
    'service.instance.id': crypto.randomUUID(),
    'process.runtime.name': runtime.name,
    'process.runtime.version': runtime.version,
    // The metrics `process.*` need these to identify their process.
    ...(METRIC_CAPABILITIES[runtime.name] && {
      'process.pid': process.pid,
      'process.creation.time': new Date(performance.timeOrigin).toISOString(),
    }),
  };
  return toResource(attributes, settings);
}
