import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
const BUSY: TransportResult = { status: 'retryable', error: new Error('busy') };

/** A transport that gives these answers, one after another. */
function answering(answers: TransportResult[]) {
  return createRetryingTransport(
    { send: async () => answers.shift() ?? SUCCESS, shutdown() {} },
    'http://collector',
  );
}

test('createRetryingTransport() tells the first failure of a row at once, and its end', async () => {
  const transport = answering([BUSY, BUSY, SUCCESS, BUSY, SUCCESS]);
  await transport.send(new Uint8Array(), 60_000);
  const told = ['busy; it is tried again', 'what was tried again has arrived'];
  expect(warned).toEqual(told);
  await transport.send(new Uint8Array(), 60_000);
  expect(warned).toEqual([...told, ...told]);
});

test('createRetryingTransport() tells nothing of a failure that it does not try again', async () => {
  expect(await answering([BUSY]).send(new Uint8Array(), 100)).toEqual(BUSY);
  expect(warned).toEqual([]);
});

test('createRetryingTransport() says of no batch that it arrived but of one that did', async () => {
  const transport = answering([BUSY, BUSY, SUCCESS]);
  expect(await transport.send(new Uint8Array(), 2_000)).toEqual(BUSY);
  await transport.send(new Uint8Array(), 60_000);
  expect(warned).toEqual(['busy; it is tried again']);
});

test.each([Number.NaN, 0, -5_000, Number.NEGATIVE_INFINITY])(
  'createRetryingTransport() backs off where the collector asks for a delay of %s ms',
  async (retryInMillis) => {
    const sentAt: number[] = [];
    const transport = createRetryingTransport(
      {
        async send() {
          sentAt.push(performance.now());
          return { ...BUSY, retryInMillis };
        },
        shutdown() {},
      },
      'http://collector',
    );
    await transport.send(new Uint8Array(), 1_500);
    expect(sentAt).toHaveLength(2);
    expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(790);
  },
);
