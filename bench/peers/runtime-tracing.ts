// The runtime's own tracing (Deno, with OTEL_DENO=true), and our SQL spans.
import { traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { serveApp } from '../serve-app.ts';

await serveApp(undefined, traceSql);
