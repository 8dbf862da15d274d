// Our kit in the same app as the peers: responses carry no trace headers, and pages send no spans.
import process from 'node:process';
import { traceHttp, traceSql } from '../packages/hono-opentelemetry/src/index.ts';
import { startTelemetry } from '../packages/opentelemetry-instrument/src/index.ts';
import { serveApp } from './serve-app.ts';

await startTelemetry();
const { EXCLUDED } = process.env;
await serveApp(traceHttp({ ...(EXCLUDED && { exclude: [EXCLUDED] }) }), traceSql);
