import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { LimitError } from './byte-writer.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { writeLogRecord } from './write-log-record.ts';
import { type Scope, writeResource, writeScope } from './write-resource.ts';
import { writeSpan } from './write-span.ts';

/** An export request as protobuf. */
export interface EncodedRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Records that it leaves out, because they cannot be read or do not fit. */
  readonly unencodable: number;
}

/**
 * Records that are encoded one by one, until they leave together as one export request.
 *
 * Its bytes are those of the SDK's serializer, to which records go all at once at the end. They
 * differ where that one fails: values that contain themselves, lie too deep or cannot be read are
 * marked as such, and a name that is no string is empty.
 */
export interface RecordBatch<T> {
  /** Records in it. */
  readonly length: number;
  /** Bytes of its records. The request is larger by their resources and scopes. */
  readonly byteLength: number;
  /**
   * Encodes a record as it is now and forgets it. Never throws.
   * @returns the new length; 0, and the batch is as before, when the record does not fit or cannot be read
   */
  push(record: T): number;
  /**
   * The export request as protobuf, grouped by resource and scope. The batch is empty then.
   *
   * Resources are read only now: first wait for those whose attributes are pending.
   */
  finish(): Uint8Array<ArrayBuffer>;
}

/** An `ExportTraceServiceRequest` that grows. @param limit for `byteLength`, default 16 MiB */
export function createSpanBatch(limit?: number): RecordBatch<ReadableSpan> {
  return createRecordBatch(writeSpan, limit);
}

/** An `ExportLogsServiceRequest` that grows. @param limit for `byteLength`, default 16 MiB */
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

/** Bounds a request made of an array, beyond what any collector accepts by default. */
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

/** Where the records of one scope lie among the others: from, to, from, to, ... */
type Places = number[];

const CAPACITY = 16 * 1024;
const MAX_SPARE = 1024 * 1024;

/**
 * An array that a batch has left, for the next one. Records wait so long that one for each batch would
 * be old when it is given up, and Node collects the whole heap every second to be rid of those.
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

// Requests for spans and for logs have the same fields, with other records at the bottom.
function createRecordBatch<T extends ScopedRecord>(
  writeRecord: (writer: ProtobufWriter, field: number, record: T) => void,
  limit = 16 * 1024 * 1024,
): RecordBatch<T> {
  const records = new ProtobufWriter(takeArray(), limit);
  let length = 0;
  let isWriting = false;
  // By identity, in the order of their first records, as the SDK's serializer does.
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
      // A body that logs when it is read would write its record into the one that it is part of.
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
