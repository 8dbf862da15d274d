// A program without telemetry set-up that records one span. The argument: `serve` until a signal comes, `handle` signals
// by exiting with code 7, `drain` the same after a time, or `end` without a signal. Like `serve` are `idle`, which records
// no span, and `quiet`, which has no tracer.
import { createServer } from 'node:http';
import process from 'node:process';
import { trace } from '@opentelemetry/api';

const [mode] = process.argv.slice(2);
if (mode !== 'quiet') {
  const tracer = trace.getTracer('test');
  if (mode !== 'idle') tracer.startSpan('buy milk').end();
}
if (mode === 'handle') {
  process.on('SIGTERM', () => process.exit(7));
}
if (mode === 'drain') {
  process.on('SIGTERM', () => setTimeout(() => process.exit(7), 1_000));
}
if (mode === 'end') process.stdout.write('ready\n');
else createServer().listen(0, '127.0.0.1', () => process.stdout.write('ready\n'));
