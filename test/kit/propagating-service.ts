import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { loadRuntime } from '../../runtimes/index.ts';
import type { Server } from '../../runtimes/runtime.ts';

/** The headers of one call that the service made. */
export interface Carrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/**
 * Starts what the W3C harness calls a vendor's service: `POST /?calls=3` makes three calls to other
 * services. They are not sent: the answer is a list of the headers that they would carry.
 */
export async function startPropagatingService(): Promise<Server> {
  const app = new Hono();
  app.use(traceHttp());
  app.post('/', (c) => {
    const calls = Array.from({ length: Number(c.req.query('calls')) }, () => {
      const span = trace.getTracer('test').startSpan('POST', { kind: SpanKind.CLIENT });
      const carrier: Carrier = {};
      propagation.inject(trace.setSpan(context.active(), span), carrier);
      span.end();
      return carrier;
    });
    return c.json(calls);
  });
  const runtime = await loadRuntime();
  return runtime.serve(app.fetch, { hostname: '127.0.0.1', port: 0 });
}
