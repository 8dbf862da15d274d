// @hono/otel with OpenTelemetry's SDK, which reads its settings from the environment. SQL spans are
// those of ours, since no instrumentation knows node:sqlite: everybody does the same work.
import { httpInstrumentationMiddleware } from '@hono/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from '../serve-app.ts';

new NodeSDK().start();
await serveApp(httpInstrumentationMiddleware(), traceSql);
