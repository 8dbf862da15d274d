// Our kit in the same app as the others: pages do not tell their trace, and send no spans of their own.
import process from 'node:process';
import { loadExporter } from '../exporters/index.ts';
import { loadRuntime } from '../runtimes/index.ts';
import { readSettings } from '../src/settings/read-settings.ts';
import { startTelemetry } from '../src/telemetry/index.ts';
import { traceHttp, traceSql } from '../src/tracing/index.ts';
import { serveApp } from './serve-app.ts';

const read = readSettings({ variable: process.env });
await startTelemetry({
  settings: read.settings,
  exporters: read.exporters,
  isLeftToRuntime: false,
  version: 'of the benchmark',
  runtime: await loadRuntime(),
  loadExporter: (name) => loadExporter(name, read),
  tell: (sentence) => process.stderr.write(`${sentence}\n`),
});
await serveApp(traceHttp(), traceSql);
