import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureContext } from '../../exporters/otlp/failure/failure-context.ts';
import { createOutageReporter } from '../../exporters/otlp/outages.ts';
import { createRetryingTransport } from '../../exporters/otlp/retrying-transport.ts';
import type { TransportResult } from '../../exporters/otlp/transport.ts';

const warned: string[] = [];
beforeEach(() => {
  const silent = () => {};
  const warn = (message: string) => void warned.push(message);
  diag.setLogger({ warn, error: silent, info: silent, debug: silent, verbose: silent });
});
afterEach(() => {
  diag.disable();
  warned.length = 0;
});

const SUCCESS: TransportResult = { status: 'success' };
const BUSY: TransportResult = { status: 'retryable', failure: { kind: 'http', status: 503 } };
const CONTEXT = failureContext('traces', {
  url: 'http://collector/v1/traces',
  protocol: 'http/protobuf',
  headers: {},
  timeoutMillis: 10_000,
  compression: 'none',
  certificate: undefined,
  clientKey: undefined,
  clientCertificate: undefined,
});
const WARNING =
  "traces: http://collector is overloaded or not ready (503), retrying; check the Collector's memory and queues, or send less";

/** Returns a transport whose attempts have these results. */
function transportWith(results: TransportResult[]) {
  return createRetryingTransport(
    { send: async () => results.shift() ?? SUCCESS, shutdown() {} },
    CONTEXT,
    createOutageReporter([CONTEXT]),
  );
}

test('createRetryingTransport() reports the first failure and the first success after it', async () => {
  const transport = transportWith([BUSY, BUSY, SUCCESS, BUSY, SUCCESS]);
  await transport.send(new Uint8Array(), 60_000);
  const messages = [WARNING, 'traces: exports succeed again'];
  expect(warned).toEqual(messages);
  await transport.send(new Uint8Array(), 60_000);
  expect(warned).toEqual([...messages, ...messages]);
});

test('createRetryingTransport() does not report a failure that it does not retry', async () => {
  expect(await transportWith([BUSY]).send(new Uint8Array(), 100)).toEqual(BUSY);
  expect(warned).toEqual([]);
});

test('createRetryingTransport() reports success only for a request that succeeded after a retry', async () => {
  const transport = transportWith([BUSY, BUSY, SUCCESS]);
  expect(await transport.send(new Uint8Array(), 2_000)).toEqual(BUSY);
  await transport.send(new Uint8Array(), 60_000);
  expect(warned).toEqual([WARNING]);
});

test.each([Number.NaN, 0, -5_000, Number.NEGATIVE_INFINITY])(
  'createRetryingTransport() backs off if the collector requests a delay of %s ms',
  async (retryAfterMillis) => {
    const sentAt: number[] = [];
    const transport = createRetryingTransport(
      {
        async send() {
          sentAt.push(performance.now());
          return {
            status: 'retryable',
            failure: { kind: 'http', status: 503, retryAfterMillis },
          };
        },
        shutdown() {},
      },
      CONTEXT,
      createOutageReporter([CONTEXT]),
    );
    await transport.send(new Uint8Array(), 1_500);
    expect(sentAt).toHaveLength(2);
    expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(790);
  },
);

test('createRetryingTransport() stops after the maximum number of attempts', async () => {
  let attempts = 0;
  const transport = createRetryingTransport(
    {
      async send() {
        attempts += 1;
        return BUSY;
      },
      shutdown() {},
    },
    CONTEXT,
    createOutageReporter([CONTEXT]),
    2,
  );
  expect(await transport.send(new Uint8Array(), 60_000)).toEqual(BUSY);
  expect(attempts).toBe(2);
});
