// The app with src/tracing in a program that registers no SDK, as a library's user may have it.
import { traceHttp, traceSql } from '../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from './serve-app.ts';

await serveApp(traceHttp(), traceSql);
