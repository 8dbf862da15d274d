import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openOtlp } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';

test.each(PROTOCOLS)(
  'OTLP over %s leaves no connection to a Collector that hangs',
  async (protocol) => {
    let open = 0;
    // It closes none by itself, and finds out which are closed by writing.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      open += 1;
      const writing = setInterval(() => socket.readableEnded && socket.write('.'), 20);
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(writing);
        open -= 1;
      });
      socket.resume();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());

    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const exporter = (
      await openOtlp(protocol, url, { OTEL_EXPORTER_OTLP_TIMEOUT: '200' })
    ).traces();
    for (let i = 0; i < 3; i++) {
      const spans = recordSpans((tracer) => tracer.startSpan('GET').end());
      await new Promise((resolve) => exporter?.export(spans, resolve));
    }
    await vi.waitFor(() => expect(open).toBe(0), 3_000);
    await exporter?.shutdown();
  },
);
