import { context } from '@opentelemetry/api';
import type { WSEvents } from 'hono/ws';
import { type TraceJobOptions, traceJob } from './trace-job.ts';

/** Options of `traceMessages()`. All of them are optional. */
export type TraceMessagesOptions = Pick<TraceJobOptions, 'tracerProvider'>;

/**
 * Wraps the events of Hono's `upgradeWebSocket()`, so that each message has an INTERNAL span.
 *
 * A connection can last for days, so each message starts a trace of its own. Its span is linked to the
 * span of the request that opened the connection. That span ends with the upgrade, with status 101.
 *
 * @param name name of the spans. It must not contain values: `chat message`, not `message of Ann`
 * @returns events that do the same as the given ones
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { upgradeWebSocket } from '@hono/node-server';
 * import { traceHttp, traceMessages } from 'hono-opentelemetry';
 *
 * const app = new Hono();
 * app.use(traceHttp());
 * app.get(
 *   '/chat',
 *   upgradeWebSocket(() =>
 *     traceMessages('chat message', {
 *       onMessage: (event, socket) => socket.send(`You said ${event.data}`),
 *     }),
 *   ),
 * );
 * ```
 */
export function traceMessages<T>(
  name: string,
  events: WSEvents<T>,
  options: TraceMessagesOptions = {},
): WSEvents<T> {
  const { onMessage } = events;
  if (onMessage === undefined) return events;
  const opening = context.active();
  return {
    ...events,
    onMessage(event, socket) {
      const work = () => onMessage.call(events, event, socket);
      return context.with(opening, traceJob, undefined, name, work, { ...options, root: true });
    },
  };
}
