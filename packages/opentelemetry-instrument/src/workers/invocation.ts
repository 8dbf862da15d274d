import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** One call of a handler. Its spans and its background work may outlive the response. */
export interface Invocation {
  /** Counts something that is still going on. @returns a function that ends it */
  open(): () => void;
  /** Keeps the invocation running until the work has settled. */
  waitUntil(work: Promise<unknown>): void;
  /** Resolves to true when nothing is open, or to false after a time. */
  idle(timeoutMillis: number): Promise<boolean>;
  /** Adds a span that has started. @returns a function that removes it */
  addSpan(span: Span): () => void;
  /** Ends all spans at the time of the last start or end of a span. */
  endSpans(): void;
}

/** The invocations of an isolate that are running. */
export interface RunningInvocations {
  /** Adds an invocation, or confirms that it is still running. Ends the spans of those that are not. */
  confirm(invocation: Invocation): void;
  end(invocation: Invocation): void;
  /** Returns true if none is running. */
  areNone(): boolean;
}

/**
 * Creates an empty set. The platform cancels invocations without a notice, for example if a client has gone.
 * So those that were not confirmed for a time do not count, and their spans end.
 */
export function createRunningInvocations(timeoutMillis: number): RunningInvocations {
  /** Times of the last confirmation. The oldest are first. */
  const confirmed = new Map<Invocation, number>();
  function removeCanceled(): void {
    for (const [invocation, time] of confirmed) {
      if (Date.now() - time <= timeoutMillis) break;
      confirmed.delete(invocation);
      invocation.endSpans();
    }
  }
  return {
    confirm(invocation) {
      confirmed.delete(invocation);
      confirmed.set(invocation, Date.now());
      removeCanceled();
    },
    end: (invocation) => void confirmed.delete(invocation),
    areNone() {
      removeCanceled();
      return confirmed.size === 0;
    },
  };
}

/** Event of a span that ends because the platform has canceled its invocation. */
const CANCELED = 'invocation canceled';

const INVOCATION = createContextKey('opentelemetry-instrument: invocation');

export function setInvocation(parent: Context, invocation: Invocation): Context {
  return parent.setValue(INVOCATION, invocation);
}

/** Returns the invocation that a context belongs to. */
export function invocationOf(of: Context = context.active()): Invocation | undefined {
  return of.getValue(INVOCATION) as Invocation | undefined;
}

/** @param keepRunning the platform's `waitUntil()` */
export function createInvocation(keepRunning: (work: Promise<unknown>) => void): Invocation {
  let openCount = 0;
  let waiting: (() => void)[] = [];
  /** Spans that have not ended. The oldest are first. */
  const spans = new Set<Span>();
  let lastSpanAt = performance.now();

  function open(): () => void {
    let isOpen = true;
    openCount += 1;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      openCount -= 1;
      if (openCount > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    };
  }
  return {
    open,
    waitUntil: keepRunning,
    async idle(timeoutMillis) {
      if (openCount === 0) return true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        timer = setTimeout(resolve, timeoutMillis);
      });
      clearTimeout(timer);
      return openCount === 0;
    },
    addSpan(span) {
      spans.add(span);
      lastSpanAt = performance.now();
      return () => {
        spans.delete(span);
        lastSpanAt = performance.now();
      };
    },
    endSpans() {
      // Promises of a canceled invocation must not be resolved.
      waiting = [];
      const time = lastSpanAt;
      // Children start after their parents and have to end before them.
      for (const span of [...spans].reverse()) {
        span.addEvent(CANCELED, time);
        span.end(time);
      }
    },
  };
}

/** Creates a processor that keeps invocations open while they have live spans. */
export function createSpanWatch(): SpanProcessor {
  const closers = new WeakMap<object, () => void>();
  return {
    onStart(span: Span, parent) {
      const invocation = invocationOf(parent) ?? invocationOf();
      if (invocation === undefined) return;
      const close = invocation.open();
      const remove = invocation.addSpan(span);
      closers.set(span, () => {
        remove();
        close();
      });
    },
    onEnd: (span) => closers.get(span)?.(),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Creates a context manager that needs nothing except `AsyncLocalStorage`, which Workers have. */
export function createAsyncContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, thisArg, ...args) =>
      storage.run(context, () => Reflect.apply(work, thisArg, args)),
    bind<T>(context: Context, target: T): T {
      if (typeof target !== 'function') return target;
      return function bound(this: unknown, ...args: unknown[]) {
        return storage.run(context, () => Reflect.apply(target, this, args));
      } as T;
    },
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
