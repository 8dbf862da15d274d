// Loaded before the app: `node --import ./telemetry.ts app.ts`. NodeSDK reads OTEL_* variables.
// Under `opentelemetry-instrument node --import ./telemetry.ts app.ts`, this SDK replaces that of the
// command, which prints: the program registers its own OpenTelemetry SDK; ours is off
import process from 'node:process';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ serviceName: 'with-existing-sdk' });
sdk.start();

process.once('SIGTERM', () => {
  sdk.shutdown().finally(() => process.exit());
});
