// Preload module: `node --import opentelemetry-instrument/register`, `bun --preload`, `deno run --preload`.
import { startTelemetry } from './start-telemetry.ts';

await startTelemetry();
