import { expect, test } from 'vitest';
import { createOutageReporter } from '../../exporters/otlp/outages.ts';
import { createRetryingTransport } from '../../exporters/otlp/retrying-transport.ts';
import type { TransportResult } from '../../exporters/otlp/transport.ts';
import { contextOf } from '../support/failure-context.ts';
import { useWarnings } from '../support/use-warnings.ts';

const warnings = useWarnings();

const SUCCESS: TransportResult = { status: 'success' };
const BUSY: TransportResult = { status: 'retryable', failure: { kind: 'http', status: 503 } };
const CONTEXT = contextOf('traces');
const WARNING =
  "traces: http://collector:4318 is overloaded or not ready (503), retrying; check the Collector's memory and queues, or send less";

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
  expect(warnings).toEqual(messages);
  await transport.send(new Uint8Array(), 60_000);
  expect(warnings).toEqual([...messages, ...messages]);
});

test('createRetryingTransport() does not report a failure that it does not retry', async () => {
  expect(await transportWith([BUSY]).send(new Uint8Array(), 100)).toEqual(BUSY);
  expect(warnings).toEqual([]);
});

test('createRetryingTransport() reports success only for a request that succeeded after a retry', async () => {
  const transport = transportWith([BUSY, BUSY, SUCCESS]);
  expect(await transport.send(new Uint8Array(), 2_000)).toEqual(BUSY);
  await transport.send(new Uint8Array(), 60_000);
  expect(warnings).toEqual([WARNING]);
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
