export { type ExceptionSignal, recordCrash } from './exception.ts';
export * from './http/index.ts';
export type { ExceptionLoggerProvider, ExceptionRecord } from './log-record.ts';
export { createRedactor, type Redactor } from './redact.ts';
export { getRequestStats, type RequestStats } from './request-stats.ts';
export type { SemconvMode } from './semconv/legacy.ts';
export type { SensitiveNames } from './sensitive-names.ts';
export * from './sql/index.ts';
