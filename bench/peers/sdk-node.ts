// OpenTelemetry's SDK with its instrumentation of node:http, and our SQL spans.
import { createRequire } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();
// Patched while it is loaded; what it patches is shared with `import`.
createRequire(import.meta.url)('node:http');
const { traceSql } = await import('../../packages/hono-opentelemetry/src/index.ts');
const { serveApp } = await import('../serve-app.ts');
await serveApp(undefined, traceSql);
