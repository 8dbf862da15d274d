// A program that makes a span and a log record and ends as `END` says: by itself, by process.exit() or
// by an exception. It never calls shutdown().
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { startTelemetry } from '../../../packages/opentelemetry-instrument/src/index.ts';
import { TEST_RUNTIME } from '../settings.ts';

const { END } = process.env;
await startTelemetry({ runtime: TEST_RUNTIME });
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
