// Our middleware with OpenTelemetry's SDK and its exporters, as `sdk-node` sets them up.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { traceHttp, traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from '../serve-app.ts';

new NodeSDK().start();
await serveApp(traceHttp(), traceSql);
