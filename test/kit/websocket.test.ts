import { once } from 'node:events';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { Hono } from 'hono';
import type { WSEvents } from 'hono/ws';
import { beforeEach, expect, test } from 'vitest';
import { traceHttp, traceMessages } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { startStockServer, upgradeWebSocket } from '../support/stock-server.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

useContext();
let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

/** Sends messages to an app that handles them with `events`, and returns its replies. */
async function exchange(events: WSEvents, ...messages: string[]): Promise<unknown[]> {
  const app = new Hono();
  app.use(traceHttp(telemetry));
  app.get(
    '/chat',
    upgradeWebSocket(() => traceMessages('chat message', events, telemetry)),
  );
  const server = await startStockServer(app);
  try {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/chat`);
    await once(socket, 'open');
    const replies: unknown[] = [];
    for (const message of messages) {
      const reply = once(socket, 'message');
      socket.send(message);
      replies.push(((await reply)[0] as MessageEvent).data);
    }
    const closed = once(socket, 'close');
    socket.close();
    await closed;
    return replies;
  } finally {
    await server.close();
  }
}

async function waitForSpans(count: number): Promise<void> {
  const spans = () => telemetry.spans();
  await waitUntil(
    () => spans().length === count,
    5_000,
    () =>
      spans()
        .map(({ name }) => name)
        .join(),
  );
}

const echo: WSEvents = {
  onMessage(event, socket) {
    socket.send(`You said ${event.data}`);
  },
};

test('the span of a WebSocket request has status 101, and ends with the upgrade', async () => {
  await exchange(echo);
  const span = telemetry.span();
  expect([span.name, span.kind, span.attributes['http.response.status_code']]).toEqual([
    'GET /chat',
    SpanKind.SERVER,
    101,
  ]);
  expect(span.status.code).toBe(SpanStatusCode.UNSET);
  const [point] = await telemetry.histograms('http.server.request.duration');
  expect(point?.attributes).toMatchObject({
    'http.route': '/chat',
    'http.response.status_code': 101,
  });
});

test('each message has its own trace, linked to the request', async () => {
  expect(await exchange(echo, 'milk', 'bread')).toEqual(['You said milk', 'You said bread']);
  await waitForSpans(3);
  const [request, ...messages] = telemetry.spans();
  expect(messages).toHaveLength(2);
  for (const { name, kind, parentSpanContext, links, attributes } of messages) {
    expect([name, kind, parentSpanContext, attributes]).toEqual([
      'chat message',
      SpanKind.INTERNAL,
      undefined,
      {},
    ]);
    expect(links.map(({ context }) => context.spanId)).toEqual([request?.spanContext().spanId]);
  }
});

test('a message whose handler rejects has an error', async () => {
  const events: WSEvents = {
    async onMessage(_, socket) {
      socket.send('no');
      throw new RangeError('full');
    },
    onError() {},
  };
  const onRejection = () => {};
  process.on('unhandledRejection', onRejection);
  try {
    await exchange(events, 'milk');
    await waitForSpans(2);
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  const span = telemetry.spans()[1];
  expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  expect(span?.attributes['error.type']).toBe('RangeError');
});

test('a request that is not upgraded keeps its status', async () => {
  const app = new Hono();
  app.use(traceHttp(telemetry));
  app.get('/chat', (c) => c.text('use a WebSocket'));
  await app.request('/chat', { headers: { Upgrade: 'websocket' } });
  expect(telemetry.span().attributes['http.response.status_code']).toBe(200);
});
