// The program itself, under a server that hangs, delays or crashes where a test asks for it by path.
// Takes the program's flags.
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import { loadRuntime } from '../../runtimes/index.ts';
import { main } from '../../src/main.ts';
import type { Fetch, Runtime } from '../../src/runtime.ts';

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** What happens within a request, whose span is active, when its path ends so. */
const faults: Record<string, () => unknown> = {
  '/hang': () => new Promise(() => {}),
  '/slow': () => pause(1_000),
  '/throw-later': () =>
    setTimeout(() => {
      throw new RangeError('thrown later');
    }),
  '/reject-later': () => void Promise.reject(new RangeError('rejected later')),
};

function withFaults(fetch: Fetch): Fetch {
  return async (request, bindings) => {
    const { pathname } = new URL(request.url);
    const fault = faults[pathname];
    if (fault === undefined) return fetch(request, bindings);
    // A span as the middleware makes it, so that the crash has one to mark.
    return trace.getTracer('test').startActiveSpan(`GET ${pathname}`, async (span) => {
      await fault();
      await pause(50);
      span.end();
      return fetch(new Request(new URL('/', request.url)), bindings);
    });
  };
}

const runtime = await loadRuntime();
const faulty: Runtime = {
  ...runtime,
  serve: (fetch, options) => runtime.serve(withFaults(fetch), options),
};
await main(faulty, process.argv.slice(2));
