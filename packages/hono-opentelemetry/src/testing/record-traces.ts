import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { type RecordedSpan, startRecordedSpan } from './recorded-span.ts';
import { formatSpanTree, type TraceTreeOptions } from './span-tree.ts';

/** The spans that a program has started since `recordTraces()`. */
export interface RecordedTraces extends Disposable {
  /** Returns the spans in the order of their starts. */
  spans(): readonly RecordedSpan[];
  /** Returns the spans as a tree, without anything that differs from run to run. */
  tree(options?: TraceTreeOptions): string;
  /** Forgets the spans that were recorded up to now. */
  clear(): void;
  /** Ends the recording, and removes what it has registered. The spans stay available. */
  stop(): void;
}

/** Receives started spans while a recording is active. */
let current: RecordedSpan[] | undefined;

/**
 * Records all spans of a test, of `traceHttp()` and of other code that uses the OpenTelemetry API.
 *
 * The recorder is registered as the global tracer provider until `stop()`, or until the end of the block
 * with `using`. An app may have been created before. It needs no SDK and works with every test runner.
 *
 * @throws if another recording is active, or an SDK is registered
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { traceHttp } from 'hono-opentelemetry';
 * import { recordTraces } from 'hono-opentelemetry/testing';
 *
 * const app = new Hono().use(traceHttp());
 * app.get('/tasks/:id', (c) => c.text('milk'));
 *
 * const traces = recordTraces();
 * await app.request('/tasks/7');
 * console.log(traces.tree()); // GET /tasks/:id 200
 * traces.stop();
 * ```
 */
export function recordTraces(): RecordedTraces {
  if (current !== undefined) {
    throw new Error('A recording is active already; call stop() on it before recordTraces().');
  }
  if (!trace.setGlobalTracerProvider(provider)) {
    throw new Error(
      'Another tracer provider is registered; do not start an SDK in tests that use recordTraces().',
    );
  }
  // A manager that is registered already serves as well.
  const ownsContext = !keepsContext() && context.setGlobalContextManager(createContextManager());
  const recorded: RecordedSpan[] = [];
  current = recorded;

  function stop(): void {
    if (current !== recorded) return;
    current = undefined;
    trace.disable();
    if (ownsContext) context.disable();
  }

  return {
    spans: () => [...recorded],
    tree: (options) => formatSpanTree(recorded, options),
    clear: () => void recorded.splice(0),
    stop,
    [Symbol.dispose]: stop,
  };
}

/** Returns true if a context manager is registered. The API does not reveal it otherwise. */
function keepsContext(): boolean {
  const key = Symbol();
  const probe = context.active().setValue(key, true);
  return context.with(probe, () => context.active().getValue(key) === true);
}

/**
 * The provider of all recordings. The API's tracers keep the first provider that they find. With a new one
 * for each recording, an app that was used in one test would not be recorded in the next.
 */
const provider: TracerProvider = { getTracer: () => tracer };

const tracer: Tracer = {
  startSpan: start,
  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: unknown[]) {
    const work = rest.at(-1) as F;
    const [options = {}, parent = context.active()] = rest.slice(0, -1) as [SpanOptions?, Context?];
    const span = start(name, options, parent);
    return context.with(trace.setSpan(parent, span), () => work(span)) as ReturnType<F>;
  },
};

function start(name: string, options: SpanOptions = {}, parent: Context = context.active()): Span {
  if (current === undefined) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  const { span, record } = startRecordedSpan(name, options, parent);
  current.push(record);
  return span;
}

/** Creates a context manager for tests. Contexts survive an `await`. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, self, ...args) => storage.run(context, () => work.apply(self, args)),
    bind: (context, target) =>
      typeof target === 'function'
        ? (((...args: unknown[]) => storage.run(context, () => target(...args))) as typeof target)
        : target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
