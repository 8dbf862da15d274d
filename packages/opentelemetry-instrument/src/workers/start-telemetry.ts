import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import * as b3 from '@opentelemetry/propagator-b3';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { composePropagators } from '../sdk/propagation/index.ts';
import { describeProblem, type ProgramSettings } from '../settings/index.ts';
import type { BrowserSpanOrigin, Telemetry } from '../telemetry.ts';
import { consoleLogs, writeMessage } from './console.ts';
import { type ExecutionContext, watchWaitUntil } from './execution-context.ts';
import {
  createAsyncContextManager,
  createInvocation,
  createRunningInvocations,
  type Invocation,
  setInvocation,
} from './invocation.ts';
import { findPlatformSpan, setPlatformSpan } from './platform-span.ts';
import { readSettings } from './settings.ts';
import { startWorkerSdk, type WorkerSdk } from './start-sdk.ts';

/** Options of `startTelemetry()` and `instrument()`. All of them have defaults. */
export interface WorkerTelemetryOptions {
  /**
   * Settings of the SDK and its exporters.
   * @default read from the bindings; problems go to `notify`
   */
  readonly settings?: Pick<ProgramSettings, 'settings' | 'exporters' | 'otlp'> | undefined;
  /**
   * Attributes of the resource, such as `service.name`. `OTEL_RESOURCE_ATTRIBUTES` and
   * `OTEL_SERVICE_NAME` override them.
   */
  readonly resource?: Readonly<Record<string, string>> | undefined;
  /**
   * The resource and the instrumentation scope of spans that browsers send.
   * @default none: such spans are not accepted
   */
  readonly browser?: BrowserSpanOrigin | undefined;
  /**
   * Receiver of human-readable messages, such as warnings about dropped records.
   * @default a function that calls `console.warn()`
   */
  readonly notify?: ((message: string) => void) | undefined;
}

/** Running telemetry of an isolate. */
export interface WorkerTelemetry extends Telemetry {
  /**
   * Runs a handler. What it records is exported within `ctx.waitUntil()`, after its spans and its background
   * work have ended.
   * @param ctx `ctx` of a handler, or the state of a Durable Object
   * @param work receives the context to use instead
   */
  run<Ctx extends ExecutionContext, T>(ctx: Ctx, work: (ctx: Ctx) => T): T;
}

/** A stream may take longer; then its span is exported later. */
const FLUSH_INTERVAL_MS = 20_000;
/** Two intervals in which a running invocation confirms itself, though an export may take time. */
const CANCELED_AFTER_MS = 2 * FLUSH_INTERVAL_MS;

/** Global providers can be registered only once. */
let started: WorkerTelemetry | undefined;

/**
 * Configures the OpenTelemetry SDK from the bindings of a Worker, once for each isolate.
 *
 * @param env the bindings, whose names are those of the environment variables
 */
export function startTelemetry(env: object, options: WorkerTelemetryOptions = {}): WorkerTelemetry {
  started ??= start(env, options);
  return started;
}

function start(
  env: object,
  { settings: given, resource = {}, browser, notify = writeMessage }: WorkerTelemetryOptions,
): WorkerTelemetry {
  const read = given ?? readAndReport(env, notify);
  context.setGlobalContextManager(createAsyncContextManager());
  propagation.setGlobalPropagator(composePropagators(read.settings.OTEL_PROPAGATORS, b3));
  if (read.settings.OTEL_SDK_DISABLED) return disabledTelemetry();
  const sdk = startWorkerSdk({ read, attributes: resource, browser, notify });
  const running = createRunningInvocations(CANCELED_AFTER_MS);
  let isPlatformReported = false;

  async function finish(invocation: Invocation): Promise<void> {
    let isIdle = false;
    while (!isIdle) {
      isIdle = await invocation.idle(FLUSH_INTERVAL_MS);
      running.confirm(invocation);
      await sdk.flush();
    }
    running.end(invocation);
    await sdk.metrics?.exportIfDue(running.areNone());
  }

  function reportPlatform(): void {
    if (isPlatformReported) return;
    isPlatformReported = true;
    notify(
      'Cloudflare traces this Worker (observability.traces): ours is off, traceHttp() enriches its spans.',
    );
  }

  return {
    ...describeSdk(sdk),
    run(ctx, work) {
      const invocation = createInvocation((promise) => ctx.waitUntil(promise));
      running.confirm(invocation);
      const close = invocation.open();
      const platformSpan = findPlatformSpan(ctx);
      let active = setInvocation(ROOT_CONTEXT, invocation);
      if (platformSpan) {
        active = setPlatformSpan(active, platformSpan);
        reportPlatform();
      }
      const watched = watchWaitUntil(ctx, (promise) => {
        const settled = invocation.open();
        promise.then(settled, settled);
      });
      ctx.waitUntil(finish(invocation));
      try {
        const result = context.with(active, () => work(watched));
        Promise.resolve(result).then(close, close);
        return result;
      } catch (thrown) {
        close();
        throw thrown;
      }
    },
  };
}

function describeSdk({ deliveries, destinations, ...sdk }: WorkerSdk): Telemetry {
  async function forceFlush(): Promise<void> {
    await sdk.flush();
    await sdk.metrics?.exportIfDue(true);
  }
  return {
    hasSdk: true,
    destinations,
    receiveSpans: sdk.receiveSpans,
    describe: () => deliveries.map((delivery) => delivery.describe()),
    forceFlush,
    shutdown: forceFlush,
  };
}

/** Shows log records on the console. Nothing else is recorded. */
function disabledTelemetry(): WorkerTelemetry {
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [consoleLogs] }));
  const off = 'off (OTEL_SDK_DISABLED)';
  return {
    hasSdk: false,
    destinations: { traces: off, metrics: off, logs: 'the console' },
    describe: () => [],
    forceFlush: async () => {},
    shutdown: async () => {},
    run: (ctx, work) => context.with(ROOT_CONTEXT, () => work(ctx)),
  };
}

function readAndReport(env: object, notify: (message: string) => void): ProgramSettings {
  const read = readSettings(env);
  for (const problem of read.problems) notify(describeProblem(problem));
  return read;
}
