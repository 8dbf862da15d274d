// Loaded before the app: `node --import ./telemetry.ts app.ts`. NodeSDK reads OTEL_* variables.
import process from 'node:process';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ serviceName: 'with-existing-sdk' });
sdk.start();

process.once('SIGTERM', () => {
  sdk.shutdown().finally(() => process.exit());
});
