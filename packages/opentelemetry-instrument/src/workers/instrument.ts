import type { ExecutionContext } from './execution-context.ts';
import { startTelemetry, type WorkerTelemetryOptions } from './start-telemetry.ts';

/** Handlers of a Worker. All get the event, the bindings and the context. */
const HANDLERS = ['fetch', 'scheduled', 'queue', 'email', 'tail'] as const;

type HandlerName = (typeof HANDLERS)[number];
type Handler = (event: unknown, env: object, ctx: ExecutionContext) => unknown;

/** The handlers of an object. */
export type Handlers<Worker> = Pick<Worker, Extract<keyof Worker, HandlerName>>;

/**
 * Wraps the handlers of a Worker to configure the OpenTelemetry SDK from its bindings, and to export what each
 * invocation has recorded.
 *
 * Creates no spans itself: use `traceHttp()`, `traceJob()` and the rest of hono-opentelemetry. The export takes
 * place within `ctx.waitUntil()`, so no response waits for it.
 * @param worker handlers, or an app of Hono
 * @throws TypeError if it has no handler, such as a class
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { traceHttp } from 'hono-opentelemetry';
 * import { instrument } from 'opentelemetry-instrument/workers';
 *
 * const app = new Hono();
 * app.use(traceHttp());
 * app.get('/', (c) => c.text('Hello'));
 *
 * export default instrument(app, { resource: { 'service.name': 'shop' } });
 * ```
 */
export function instrument<Worker extends object>(
  worker: Worker,
  options: WorkerTelemetryOptions = {},
): Handlers<Worker> {
  const entries = HANDLERS.flatMap((name) => {
    const handler: unknown = Reflect.get(worker, name);
    if (typeof handler !== 'function') return [];
    const run: Handler = (event, env, ctx) =>
      startTelemetry(env, options).run(ctx, (watched) =>
        Reflect.apply(handler, worker, [event, env, watched]),
      );
    return [[name, run]];
  });
  if (entries.length === 0) {
    throw new TypeError(
      `instrument() found none of the handlers ${HANDLERS.join(', ')}. For a class, use startTelemetry(env).run() in its methods.`,
    );
  }
  return Object.fromEntries(entries);
}
