import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { RecordBatch } from './encode/record-batch.ts';

/** The same serializer, which also takes a batch that has encoded its records as they came. */
export function acceptBatches<T>(serializer: ISerializer<T[], object>): ISerializer<T[], object> {
  return {
    serializeRequest: (records: T[] | RecordBatch<T>) =>
      'finish' in records ? records.finish() : serializer.serializeRequest(records),
    deserializeResponse: (data) => serializer.deserializeResponse(data),
  };
}
