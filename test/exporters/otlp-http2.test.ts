import { expect, test, vi } from 'vitest';
import { type FramedCall, startFrameServer } from '../support/http2-frames.ts';
import { openOtlp } from '../support/otlp-protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';

/** Exports a span to a server that does this with the first call and accepts all others. */
async function exportTwice(first: (call: FramedCall) => void, readsSettings?: boolean) {
  await using server = await startFrameServer((call) => {
    if (call.index === 0) first(call);
    else call.succeed();
  }, readsSettings);
  const exporter = (await openOtlp('grpc', server.url)).traces();
  const send = () =>
    new Promise<string>((resolve) => {
      const spans = recordSpans((tracer) => tracer.startSpan('a').end());
      exporter?.export(spans, ({ error }) => resolve(error?.message ?? 'accepted'));
    });
  const result = await send();
  const calls = server.calls();
  expect(await send()).toBe('accepted');
  await exporter?.shutdown();
  await vi.waitFor(() => expect(server.connections()).toBe(0), 3_000);
  return { result, calls };
}

test.each<[name: string, code: number]>([
  ['REFUSED_STREAM', 7],
  ['CANCEL', 8],
])('gRPC retries a call that was reset with %s', async (_, code) => {
  expect(await exportTwice((call) => call.reset(code))).toEqual({ result: 'accepted', calls: 2 });
});

test.each<[name: string, code: number, status: string]>([
  ['NO_ERROR', 0, 'INTERNAL (13): "response without a status"'],
  ['PROTOCOL_ERROR', 1, 'INTERNAL (13): "RST_STREAM, PROTOCOL_ERROR"'],
  ['INTERNAL_ERROR', 2, 'INTERNAL (13): "RST_STREAM, INTERNAL_ERROR"'],
  ['FLOW_CONTROL_ERROR', 3, 'INTERNAL (13): "RST_STREAM, FLOW_CONTROL_ERROR"'],
  ['ENHANCE_YOUR_CALM', 11, 'RESOURCE_EXHAUSTED (8): "RST_STREAM, ENHANCE_YOUR_CALM"'],
  ['INADEQUATE_SECURITY', 12, 'PERMISSION_DENIED (7): "RST_STREAM, INADEQUATE_SECURITY"'],
  ['an unknown error', 99, 'INTERNAL (13): "RST_STREAM, error 99"'],
])('gRPC does not retry a call that was reset with %s', async (_, code, status) => {
  const { result, calls } = await exportTwice((call) => call.reset(code));
  expect(result).toContain(` with ${status}`);
  expect(calls).toBe(1);
});

test('gRPC does not retry a call whose response has no status', async () => {
  const { result, calls } = await exportTwice((call) => call.respondWithoutStatus());
  expect(result).toContain(' responded with INTERNAL (13): "response without a status"; ');
  expect(calls).toBe(1);
});

const ANY_STREAM = 2 ** 31 - 1;

test.each<[name: string, first: (call: FramedCall) => void]>([
  ['that GOAWAY excludes', (call) => call.goAway(0, 0)],
  [
    'that GOAWAY excludes, with the connection closed',
    (call) => {
      call.goAway(0, 0);
      call.close();
    },
  ],
  [
    'that the second GOAWAY excludes',
    (call) => {
      call.goAway(ANY_STREAM, 0);
      setTimeout(() => call.goAway(0, 0), 50);
    },
  ],
  ['that GOAWAY with ENHANCE_YOUR_CALM excludes', (call) => call.goAway(0, 11)],
  ['that GOAWAY with INTERNAL_ERROR cuts off', (call) => call.goAway(call.stream, 2)],
  [
    'that GOAWAY includes, with the connection closed',
    (call) => {
      call.goAway(call.stream, 0);
      call.close();
    },
  ],
  ['that GOAWAY includes and the server forgets', (call) => call.goAway(call.stream, 0)],
])('gRPC retries a call %s', async (_, first) => {
  expect(await exportTwice(first)).toEqual({ result: 'accepted', calls: 2 });
});

test.each<[name: string, first: (call: FramedCall) => void]>([
  [
    'GOAWAY',
    (call) => {
      call.goAway(call.stream, 0);
      setTimeout(() => call.succeed(), 50);
    },
  ],
  [
    'a notice of GOAWAY',
    (call) => {
      call.goAway(ANY_STREAM, 0);
      setTimeout(() => call.succeed(), 50);
    },
  ],
])('gRPC waits for the response to a call after %s', async (_, first) => {
  expect(await exportTwice(first)).toEqual({ result: 'accepted', calls: 1 });
});

test('gRPC delivers the next call after GOAWAY on an idle connection', async () => {
  const { calls } = await exportTwice((call) => {
    call.succeed();
    call.goAway(call.stream, 0);
  });
  expect(calls).toBe(1);
});

test('gRPC closes the connection after a PUSH_PROMISE', async () => {
  const { result, calls } = await exportTwice((call) => {
    call.push();
    call.reset(2, 2);
    call.succeed();
  });
  expect(result).toContain('does not support gRPC');
  expect(calls).toBe(1);
});

test('gRPC ignores a PUSH_PROMISE sent before the server has read the settings', async () => {
  const { result } = await exportTwice((call) => {
    call.push();
    call.reset(2, 2);
    call.succeed();
  }, false);
  expect(result).toMatch(/^accepted$|does not support gRPC/);
});
