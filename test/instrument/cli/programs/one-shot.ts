// A script that ends by itself, with exit code 3. The argument selects what it does in addition to one span.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { traceFetch } from 'hono-opentelemetry/fetch';
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
  case 'fetch': {
    const server = createServer((_, response) => response.end('milk'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    // A function that the program has traced itself calls the global one.
    for (const each of [fetch, traceFetch()]) await (await each(`http://127.0.0.1:${port}`)).text();
    server.close();
    server.closeAllConnections();
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
