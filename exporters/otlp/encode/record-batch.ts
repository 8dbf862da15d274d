import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { LimitError } from './byte-writer.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type Scope, writeResource, writeScope } from './write-attributes.ts';
import { writeLogRecord } from './write-log-record.ts';
import { writeSpan } from './write-span.ts';

/** An export request in protobuf. */
export interface EncodedRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of records left out because they cannot be read or do not fit. */
  readonly unencodable: number;
}

/**
 * Records that are encoded one by one and exported together in one request.
 *
 * The bytes equal those of the SDK's serializer, which encodes all records at the end. They differ only
 * where the serializer fails. Circular, too deep and unreadable values are replaced by markers, and a name
 * that is not a string is empty.
 */
export interface RecordBatch<T> {
  /** Number of records. */
  readonly length: number;
  /** Size of the records. The request also has their resources and scopes. */
  readonly byteLength: number;
  /**
   * Encodes a record in its current state and does not keep it. Never throws.
   * @returns the new length; 0 if the record was not added because it does not fit or cannot be read
   */
  push(record: T): number;
  /**
   * Returns the export request, grouped by resource and scope, and empties the batch.
   *
   * Resources are read only here: wait for pending attributes before.
   */
  finish(): Uint8Array<ArrayBuffer>;
}

/** Creates a growing `ExportTraceServiceRequest`. @param limit for `byteLength`, default 16 MiB */
export function createSpanBatch(limit?: number): RecordBatch<ReadableSpan> {
  return createRecordBatch(writeSpan, limit);
}

/** Creates a growing `ExportLogsServiceRequest`. @param limit for `byteLength`, default 16 MiB */
export function createLogBatch(limit?: number): RecordBatch<ReadableLogRecord> {
  return createRecordBatch(writeLogRecord, limit);
}

/** Encodes spans, or finishes a batch that has encoded them. */
export function encodeSpans(
  spans: readonly ReadableSpan[] | RecordBatch<ReadableSpan>,
): EncodedRequest {
  return encodeRecords(spans, createSpanBatch);
}

/** Encodes log records, or finishes a batch that has encoded them. */
export function encodeLogs(
  records: readonly ReadableLogRecord[] | RecordBatch<ReadableLogRecord>,
): EncodedRequest {
  return encodeRecords(records, createLogBatch);
}

/** Limit of a request encoded from an array: more than any collector accepts by default. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

function encodeRecords<T>(
  records: readonly T[] | RecordBatch<T>,
  createBatch: (limit: number) => RecordBatch<T>,
): EncodedRequest {
  if ('finish' in records) return { bytes: records.finish(), unencodable: 0 };
  const batch = createBatch(MAX_REQUEST_BYTES);
  for (const record of records) batch.push(record);
  return { unencodable: records.length - batch.length, bytes: batch.finish() };
}

interface ScopedRecord {
  readonly resource: Resource;
  readonly instrumentationScope: Scope;
}

/** Positions of the records of one scope: from, to, from, to, ... */
type Places = number[];

const CAPACITY = 16 * 1024;
const MAX_SPARE = 1024 * 1024;

/**
 * Recycled array of a previous batch. Arrays live so long that one per batch would be promoted to old
 * space, and Node would collect the whole heap every second.
 */
let spare: Uint8Array<ArrayBuffer> | undefined;

function takeArray(): Uint8Array<ArrayBuffer> {
  const bytes = spare ?? new Uint8Array(CAPACITY);
  spare = undefined;
  return bytes;
}

function leaveArray(bytes: Uint8Array<ArrayBuffer>): void {
  if (bytes.length > (spare?.length ?? 0) && bytes.length <= MAX_SPARE) spare = bytes;
}

// Requests for spans and logs have the same fields, except for the records.
function createRecordBatch<T extends ScopedRecord>(
  writeRecord: (writer: ProtobufWriter, field: number, record: T) => void,
  limit = 16 * 1024 * 1024,
): RecordBatch<T> {
  const records = new ProtobufWriter(takeArray(), limit);
  let length = 0;
  let isWriting = false;
  // Grouped by identity, in the order of the first records, like the SDK's serializer.
  const resources = new Map<Resource, Map<Scope, Places>>();

  function placesOf({ resource, instrumentationScope }: T): Places {
    const scopes = resources.get(resource) ?? new Map<Scope, Places>();
    if (scopes.size === 0) resources.set(resource, scopes);
    const places = scopes.get(instrumentationScope) ?? [];
    if (places.length === 0) scopes.set(instrumentationScope, places);
    return places;
  }

  return {
    get length() {
      return length;
    },
    get byteLength() {
      return records.position;
    },
    push(record) {
      // A body whose getter logs would write its record into the current one.
      if (isWriting) return 0;
      const start = records.position;
      isWriting = true;
      try {
        writeRecord(records, 2, record);
        if (records.position > limit) throw new LimitError();
        placesOf(record).push(start, records.position);
      } catch {
        records.position = start;
        return 0;
      } finally {
        isWriting = false;
      }
      length += 1;
      return length;
    },
    finish() {
      const request = writeRequest(records, resources);
      resources.clear();
      length = 0;
      leaveArray(records.release());
      return request;
    },
  };
}

function writeRequest(
  records: ProtobufWriter,
  resources: ReadonlyMap<Resource, ReadonlyMap<Scope, Places>>,
): Uint8Array<ArrayBuffer> {
  const request = new ProtobufWriter(new Uint8Array(records.position + 1024));
  for (const [resource, scopes] of resources) {
    const start = request.begin(1);
    writeResource(request, 1, resource);
    for (const [scope, places] of scopes) {
      const scopeStart = request.begin(2);
      writeScope(request, 1, scope);
      for (let index = 0; index < places.length; index += 2) {
        request.append(records.written(places[index], places[index + 1]));
      }
      if (scope.schemaUrl) request.string(3, scope.schemaUrl);
      request.end(scopeStart);
    }
    if (resource.schemaUrl) request.string(3, resource.schemaUrl);
    request.end(start);
  }
  return request.written();
}
