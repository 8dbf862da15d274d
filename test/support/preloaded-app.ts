// A program without telemetry set-up that records one span. The argument: `serve` until a signal comes,
// `handle` signals by exiting with code 7, or `end` without a signal.
import { createServer } from 'node:http';
import process from 'node:process';
import { trace } from '@opentelemetry/api';

const [mode] = process.argv.slice(2);
trace.getTracer('test').startSpan('buy milk').end();
if (mode === 'handle') {
  process.on('SIGTERM', () => process.exit(7));
}
if (mode === 'end') process.stdout.write('ready\n');
else createServer().listen(0, '127.0.0.1', () => process.stdout.write('ready\n'));
