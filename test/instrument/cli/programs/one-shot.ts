// A script that ends by itself, with exit code 3. The argument selects what it does in addition to one span.
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { startTelemetry } from 'opentelemetry-instrument';

const [mode = '', ...args] = process.argv.slice(2);
process.exitCode = 3;
switch (mode) {
  case 'handled':
    process.on('uncaughtException', () => process.exit(9));
    break;
  case 'own-sdk': {
    const exporter = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    trace.getTracer('shop').startSpan('buy bread').end();
    process.stdout.write(
      exporter
        .getFinishedSpans()
        .map(({ name }) => name)
        .join(),
    );
    break;
  }
  case 'start-telemetry':
    await startTelemetry();
    break;
  case 'wait':
    setInterval(() => {}, 1_000);
    process.stdout.write(`${process.pid}\n`);
    break;
  case 'echo': {
    let input = '';
    for await (const chunk of process.stdin) input += chunk;
    process.stdout.write(JSON.stringify({ args, input }));
    break;
  }
}
if (mode === 'quiet') process.exitCode = 0;
else if (mode !== 'fail') trace.getTracer('shop').startSpan('buy milk').end();
if (mode === 'crash' || mode === 'handled') throw new Error('out of milk');
if (mode === 'throw-text') throw 'out of milk';
if (mode === 'reject') setTimeout(() => void Promise.reject(new Error('out of milk')), 10);
