// Preload module: `node --import opentelemetry-instrument/register`, `bun --preload
// opentelemetry-instrument/register`, `deno run --preload npm:opentelemetry-instrument/register`.
import process from 'node:process';
import { shutDownOnSignals } from './shut-down-on-signals.ts';
import { startTelemetry } from './start-telemetry.ts';

try {
  shutDownOnSignals(await startTelemetry());
} catch (error) {
  process.stderr.write(
    `opentelemetry-instrument: telemetry cannot start, so the program runs without it: ${error}\n`,
  );
}
