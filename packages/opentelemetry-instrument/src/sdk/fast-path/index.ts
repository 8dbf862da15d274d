export { createFastHistograms } from './histograms.ts';
export { FastSpan } from './span.ts';
export { createFastTracerProvider, type FastTracerOptions, toTracer } from './tracer.ts';
