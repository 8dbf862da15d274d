export { toJsonSafe, toJsonSafeAttributes } from './json-safe.ts';
export { formatLine, lineWidth, type Segment, type Style } from './line.ts';
export { openOutput } from './open-output.ts';
export { printable, printableLines } from './printable.ts';
export { afterShutdown, createRecordExporter, unprintable } from './record-exporter.ts';
export { readTerminal, type Terminal } from './terminal.ts';
export { wrapWords } from './text.ts';
export { createWriter, errorWriter, type Writer } from './writer.ts';
