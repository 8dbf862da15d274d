// A program with a worker thread. Both create a span; the worker reports whether it is recorded.
import process from 'node:process';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { trace } from '@opentelemetry/api';

const span = trace.getTracer('shop').startSpan(isMainThread ? 'buy milk' : 'buy bread');
span.end();
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.once('message', (traceId) => {
    process.stdout.write(String(traceId));
    void worker.terminate();
  });
} else {
  parentPort.postMessage(span.spanContext().traceId);
}
