export { detectRuntime, type RuntimeDescription } from './sdk/runtime.ts';
export { throttle } from './sdk/throttle.ts';
export { startTelemetry } from './start-telemetry.ts';
export type { Telemetry, TelemetryOptions } from './telemetry.ts';
