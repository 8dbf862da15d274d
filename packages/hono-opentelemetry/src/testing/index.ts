export { type RecordedTraces, recordTraces } from './record-traces.ts';
export type { RecordedSpan } from './recorded-span.ts';
export type { TraceTreeOptions } from './span-tree.ts';
