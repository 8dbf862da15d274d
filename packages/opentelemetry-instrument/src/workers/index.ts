export { writeMessage } from './console.ts';
export type { ExecutionContext } from './execution-context.ts';
export { type Handlers, instrument } from './instrument.ts';
export { readSettings } from './settings.ts';
export {
  startTelemetry,
  type WorkerTelemetry,
  type WorkerTelemetryOptions,
} from './start-telemetry.ts';
