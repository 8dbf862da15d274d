import { Hono, type MiddlewareHandler } from 'hono';
import { stream, streamSSE, streamText } from 'hono/streaming';
import { brokenStream, type Gate, gatedStream } from './gated-stream.ts';

/** Error that breaks the streams of `/chunked-error`, `/chunked-throw` and `/html-throw`. */
export class SourceError extends Error {}

/** Creates an app with every kind of response. Slow ones wait for the gate. */
export function createAnsweringApp(trace: MiddlewareHandler, gate: Gate): Hono {
  const app = new Hono().use(trace);
  app.get('/static', (c) => c.text('milk'));
  app.get('/html', (c) => c.html('<p>milk</p>'));
  app.get('/large', (c) => c.text('milk'.repeat(10_000_000)));
  app.get('/empty', (c) => c.body(null, 204));
  app.get('/redirect', (c) => c.redirect('/static'));
  app.get('/slow', async (c) => {
    await gate.opened;
    return c.text('milk');
  });

  app.get('/raw', () => new Response(gatedStream(gate)));
  const html = { 'content-type': 'text/html' };
  app.get('/raw-html', () => new Response(gatedStream(gate), { headers: html }));
  const chunked = { 'transfer-encoding': 'chunked' };
  app.get('/chunked-error', () => {
    return new Response(gatedStream(gate, new SourceError('gone')), { headers: chunked });
  });
  app.get('/chunked-throw', () => {
    return new Response(brokenStream(gate, new SourceError('gone')), { headers: chunked });
  });
  app.get('/html-throw', () => {
    return new Response(brokenStream(gate, new SourceError('gone')), { headers: html });
  });
  app.get('/raw-bytes', () => new Response(bytes([0, 1, 2])));
  app.get('/stream', (c) =>
    stream(c, async (out) => {
      await out.write('mi');
      await gate.opened;
      await out.write('lk');
    }),
  );
  app.get('/stream-text', (c) =>
    streamText(c, async (out) => {
      await out.write('mi');
      await gate.opened;
      await out.write('lk');
    }),
  );
  app.get('/stream-sse', (c) =>
    streamSSE(c, async (out) => {
      await out.writeSSE({ data: 'mi' });
      await gate.opened;
      await out.writeSSE({ data: 'lk' });
    }),
  );
  return app;
}

/** Streams 64 KiB of each value. */
function bytes(values: number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const value = values.shift();
      if (value === undefined) controller.close();
      else controller.enqueue(new Uint8Array(65_536).fill(value));
    },
  });
}
