// The program of preloaded-app.ts, which starts telemetry itself and never calls shutdown().
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry();
await import('./preloaded-app.ts');
