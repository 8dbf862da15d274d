// A program that makes a span and a log record and ends as `END` says: by itself, by process.exit() or
// by an exception. Nothing shuts telemetry down.
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { loadExporter } from '../../exporters/index.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { startTelemetry } from '../../src/telemetry/index.ts';

const { END } = process.env;
const options = readSettings({ variable: process.env });
const { settings, exporters } = options;
await startTelemetry({
  settings,
  exporters,
  isLeftToRuntime: false,
  version: '1.0.0',
  runtime: { name: 'test', version: '1' },
  loadExporter: (name) => loadExporter(name, options),
  tell: (sentence) => void process.stderr.write(`${sentence}\n`),
});
trace.getTracer('one-shot').startSpan('one').end();
logs.getLogger('one-shot').emit({ body: 'two' });
if (END === 'exit') {
  trace.getTracer('one-shot').startSpan('open');
  process.exit(3);
}
if (END === 'throw') {
  trace.getTracer('one-shot').startSpan('open');
  setTimeout(() => {
    throw new Error('thrown');
  });
}
if (END === 'catch') {
  process.on('uncaughtException', () => {});
  setTimeout(() => {
    throw new Error('thrown');
  });
}
