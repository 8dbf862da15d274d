import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { TraceStore } from '../store/trace-store.ts';

const HEARTBEAT_MS = 15_000;
const MAX_IDS = 100;

/** Streams the ids of changed traces as server-sent events until the client goes away. */
export function streamChanges(c: Context, store: TraceStore): Response {
  return streamSSE(c, async (stream) => {
    const done = Promise.withResolvers<void>();
    const unsubscribe = store.subscribe((traceIds) => {
      const ids = [...traceIds].slice(0, MAX_IDS);
      stream.writeSSE({ event: 'change', data: JSON.stringify(ids) }).catch(done.resolve);
    });
    // Without traffic, a client that has gone away would not be noticed.
    const heartbeat = setInterval(() => {
      stream.write(': \n\n').catch(done.resolve);
    }, HEARTBEAT_MS);
    stream.onAbort(done.resolve);
    await stream.writeSSE({ event: 'open', data: '' });
    await done.promise;
    clearInterval(heartbeat);
    unsubscribe();
  });
}
