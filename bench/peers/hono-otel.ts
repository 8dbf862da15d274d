// @hono/otel with OpenTelemetry's SDK, which reads its settings from the environment. No instrumentation
// supports node:sqlite, so all variants use our SQL spans and do the same work.
import { httpInstrumentationMiddleware } from '@hono/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from '../serve-app.ts';

new NodeSDK().start();
await serveApp(httpInstrumentationMiddleware(), traceSql);
