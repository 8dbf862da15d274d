// The app with hono-opentelemetry in a program that registers no SDK.
import { traceHttp, traceSql } from '../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from './serve-app.ts';

await serveApp(traceHttp(), traceSql);
