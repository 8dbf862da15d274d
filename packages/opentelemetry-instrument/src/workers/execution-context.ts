/** The part of a Worker's `ctx` that is used here. A Durable Object's state has it, too. */
export interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
  /** Cloudflare's own tracing. Its API grew in 2026, so each function may be missing. */
  readonly tracing?: { getActiveSpan?(): PlatformSpan | undefined } | undefined;
}

/** The root span of an invocation in Cloudflare's own tracing. */
export interface PlatformSpan {
  /** False if tracing is off, or this invocation is not sampled. */
  readonly isTraced?: boolean;
  setAttribute(key: string, value: string | number | boolean): unknown;
  updateName?(name: string): unknown;
  setStatus?(status: { readonly code: 'ok' | 'error'; readonly message?: string }): unknown;
  recordException?(exception: unknown): unknown;
  spanContext?(): { readonly traceId: string; readonly spanId: string };
}

/** Returns the same context, except that `onWait` also receives what the handler waits for. */
export function watchWaitUntil<Ctx extends ExecutionContext>(
  ctx: Ctx,
  onWait: (work: Promise<unknown>) => void,
): Ctx {
  function waitUntil(work: Promise<unknown>): void {
    ctx.waitUntil(work);
    onWait(Promise.resolve(work));
  }
  return new Proxy(ctx, {
    get(target, key) {
      if (key === 'waitUntil') return waitUntil;
      const value: unknown = Reflect.get(target, key, target);
      // Methods of the platform check their receiver.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
