// Adds the tree to an SDK of your own: each trace is printed when its root span has ended.
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createTreeExporter } from 'opentelemetry-instrument-exporters/tree';

const spans = new BatchSpanProcessor(createTreeExporter().traces());
const provider = new BasicTracerProvider({ spanProcessors: [spans] });
const tracer = provider.getTracer('shop');

const order = tracer.startSpan('place order', { attributes: { 'order.items': 2 } });
const payment = tracer.startSpan('charge card', {}, trace.setSpan(ROOT_CONTEXT, order));
payment.end();
order.end();

await provider.shutdown();
