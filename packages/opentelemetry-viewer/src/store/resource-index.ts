import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { serviceOf } from './record-facts.ts';
import { sizeOfAttributes } from './record-size.ts';
import type { Operation } from './trace-store.ts';

/** Counts records by their resources, so that services and operations need no scan of all spans. */
export interface ResourceIndex {
  /** Adds a record. @returns the bytes of its resource if no other record shares it, else 0 */
  add(resource: Resource, span?: ReadableSpan): number;
  /** Removes a record. @returns the bytes that are freed */
  remove(resource: Resource, span?: ReadableSpan): number;
  /** Returns the names of services with spans, sorted. */
  services(): string[];
  /** Returns names and kinds of a service's spans, sorted. */
  operations(service: string): Operation[];
  clear(): void;
}

interface ResourceEntry {
  readonly bytes: number;
  readonly service: string;
  records: number;
  /** Number of spans by name, and within it by kind. */
  readonly operations: Map<string, number[]>;
}

/** Creates an index of the resources of all records in a store. */
export function createResourceIndex(): ResourceIndex {
  const entries = new Map<Resource, ResourceEntry>();

  return {
    add(resource, span) {
      let entry = entries.get(resource);
      const isNew = entry === undefined;
      if (entry === undefined) {
        const bytes = sizeOfAttributes(resource.attributes);
        entry = { bytes, service: serviceOf({ resource }), records: 0, operations: new Map() };
        entries.set(resource, entry);
      }
      entry.records += 1;
      if (span !== undefined) countSpan(entry, span);
      return isNew ? entry.bytes : 0;
    },
    remove(resource, span) {
      const entry = entries.get(resource);
      if (entry === undefined) return 0;
      entry.records -= 1;
      if (span !== undefined) discountSpan(entry, span);
      if (entry.records > 0) return 0;
      entries.delete(resource);
      return entry.bytes;
    },
    services() {
      const names = new Set<string>();
      for (const { service, operations } of entries.values()) {
        if (operations.size > 0) names.add(service);
      }
      return [...names].sort();
    },
    operations(service) {
      const found = new Map<string, Operation>();
      for (const entry of entries.values()) {
        if (entry.service !== service) continue;
        for (const [name, counts] of entry.operations) {
          // `forEach()` leaves out the kinds that the array does not have.
          counts.forEach((count, kind) => {
            if (count > 0) found.set(`${kind}${name}`, { name, kind });
          });
        }
      }
      return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    clear: () => entries.clear(),
  };
}

function countSpan({ operations }: ResourceEntry, { name, kind }: ReadableSpan): void {
  const counts = operations.get(name);
  if (counts === undefined) {
    const created: number[] = [];
    created[kind] = 1;
    operations.set(name, created);
  } else {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
}

function discountSpan({ operations }: ResourceEntry, { name, kind }: ReadableSpan): void {
  const counts = operations.get(name);
  if (counts === undefined) return;
  counts[kind] = (counts[kind] ?? 0) - 1;
  if (counts.every((count) => count <= 0)) operations.delete(name);
}
