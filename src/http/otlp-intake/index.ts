export { otlpIntake, type ReceiveBrowserSpans } from './otlp-intake.ts';
