import type { InstrumentationScope } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { decodeAttributes } from './decode-attributes.ts';

/** Equal resources become one object, so that spans kept for a while share it. */
const MAX_CACHED_RESOURCES = 100;
const MAX_CACHED_LENGTH = 16 * 1024;
const cache = new Map<string, Resource>();

/** Decodes the resource of a `ResourceSpans`, `ResourceLogs` or `ResourceMetrics`. */
export function decodeResource(origin: JsonObject): Resource {
  const { attributes } = decodeAttributes(asObject(origin.resource));
  const schemaUrl = asText(origin.schemaUrl);
  const key = JSON.stringify([schemaUrl, attributes]);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const resource = resourceFromAttributes(attributes, schemaUrl ? { schemaUrl } : {});
  if (key.length > MAX_CACHED_LENGTH) return resource;
  if (cache.size >= MAX_CACHED_RESOURCES) cache.clear();
  cache.set(key, resource);
  return resource;
}

/** Decodes the scope of a `ScopeSpans`, `ScopeLogs` or `ScopeMetrics`. */
export function decodeScope(scoped: JsonObject): InstrumentationScope {
  const { name, version } = asObject(scoped.scope);
  const schemaUrl = asText(scoped.schemaUrl);
  return {
    name: asText(name),
    ...(asText(version) && { version: asText(version) }),
    ...(schemaUrl && { schemaUrl }),
  };
}
