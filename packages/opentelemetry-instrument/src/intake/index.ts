export type { BrowserSpan } from './browser-span.ts';
export { type ParsedBatch, parseBatch } from './parse-batch.ts';
export type { ReceiveSpans } from './replay-spans.ts';
