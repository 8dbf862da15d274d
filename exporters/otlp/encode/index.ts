export { ProtobufWriter } from './protobuf-writer.ts';
export {
  createLogBatch,
  createSpanBatch,
  type EncodedRequest,
  encodeLogs,
  encodeSpans,
} from './record-batch.ts';
export { toJson } from './to-json.ts';
export { encodeMetrics } from './write-metrics.ts';
