import process from 'node:process';
import type { Hono } from 'hono';
import type { Signal } from 'opentelemetry-instrument-exporters';
import { isLoopback } from 'opentelemetry-instrument-exporters/hosts';
import {
  createLazyServer,
  guardRequests,
  type LoopbackListener,
  listenOnLoopback,
  type PortHolder,
  VIEWER_SERVER,
} from './server/index.ts';
import {
  createMemoryMetricStore,
  createMemoryTraceStore,
  createStoreSink,
  type MetricStore,
  openSavedTraces,
  type StoreLimits,
  type TelemetrySink,
  type TraceStore,
} from './store/index.ts';
import { VIEWER_VERSION } from './version.ts';

const DEFAULT_OTLP_URL = 'http://localhost:4318';

export interface ViewerOptions {
  /** Port of the pages and of Jaeger's query API; 0 takes any free port. @default 16686 */
  readonly port?: number | undefined;
  /** Ports that receive OTLP. @default none */
  readonly otlp?: { readonly httpPort: number; readonly grpcPort: number } | undefined;
  /** Bounds of the memory. */
  readonly limits?: Partial<StoreLimits> | undefined;
  /** Path of a SQLite database that keeps the traces. @default they are kept in memory */
  readonly save?: string | undefined;
  /** OTLP endpoint that all received records are sent to as well. */
  readonly forward?: string | undefined;
  /** The sampler of this program, shown on the status page to readers who miss a trace. @default none */
  readonly sampling?: string | undefined;
  /** Host names that are accepted in addition to loopback names. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The viewer keeps the process alive. @default true */
  readonly keepAlive?: boolean | undefined;
  /** Takes human-readable messages. @default writes to stderr */
  readonly notify?: ((message: string) => void) | undefined;
}

/** A running viewer. Records can be added directly, by reference. */
export interface Viewer extends TelemetrySink {
  /** URL of the pages: `http://localhost:16686`. */
  readonly url: string;
  /** Base URLs of the OTLP receivers, if there are any. */
  readonly otlpHttpUrl: string | undefined;
  readonly otlpGrpcUrl: string | undefined;
  readonly store: TraceStore;
  readonly metrics: MetricStore;
  /** Sets the URL of this program, which is shown while there are no traces. */
  setProgramUrl(url: string): void;
  close(): Promise<void>;
}

/**
 * Starts the viewer in this process: pages and Jaeger's query API on a loopback port, and OTLP receivers if
 * they are asked for. The pages are loaded with the first request.
 *
 * @example
 * ```ts
 * import { startViewer } from 'opentelemetry-viewer';
 *
 * const viewer = await startViewer({ port: 0 });
 * console.log(viewer.url);
 * await viewer.close();
 * ```
 */
export async function startViewer({
  port = 16_686,
  otlp,
  limits,
  save,
  forward,
  sampling,
  allowedHosts = [],
  keepAlive = true,
  notify = (message) => void process.stderr.write(`${message}\n`),
}: ViewerOptions = {}): Promise<Viewer> {
  const store =
    save === undefined
      ? createMemoryTraceStore(limits)
      : await openSavedTraces(save, { limits, notify });
  const metrics = createMemoryMetricStore();
  const receiver = otlp || forward ? await import('./receiver/index.ts') : undefined;
  const forwarder = forward ? await receiver?.openForwarder(forward, notify) : undefined;
  const sink = createStoreSink(store, metrics, forwarder);
  const endpoints: { name: string; url: string }[] = [];
  const rejected: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 };
  const info = {
    version: VIEWER_VERSION,
    startedAt: Date.now(),
    endpoints,
    rejected,
    programUrl: () => programUrl,
    sampling,
  };
  let programUrl: string | undefined;
  const listeners: LoopbackListener[] = [];
  const load = () => loadApp(store, metrics, { ...info, hosts: allowedHosts });

  async function closeAll(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    await forwarder?.close();
    store.close();
  }

  try {
    const pages = await listenOnLoopback(() => createLazyServer(load, () => endpoints[0]?.url), {
      port,
      name: 'the viewer',
      keepAlive,
      // Records come here without OTLP, but could go to the other viewer as well.
      advise: otlp ? undefined : adviseOtlp,
      notify,
    });
    listeners.push(pages);
    if (otlp && receiver) {
      const received = await receiver.listenForOtlp({
        ...otlp,
        sink,
        forwardedSink: createStoreSink(store, metrics, forwarder?.stop),
        store,
        onRejected(signal, count) {
          rejected[signal] += count;
        },
        allowedHosts,
        keepAlive,
        notify,
      });
      listeners.push(...received.listeners);
      endpoints.push(...received.endpoints);
      if (forward && endpoints.some(({ url }) => isSameServer(url, forward))) {
        throw new Error(`--forward: "${forward}" is this viewer; use the URL of another server`);
      }
    }
    return {
      ...sink,
      addSpans(spans) {
        forwarder?.addSpans(spans);
        store.deferSpans(spans);
        return 0;
      },
      url: `http://localhost:${pages.port}`,
      otlpHttpUrl: endpoints[0]?.url,
      otlpGrpcUrl: endpoints[1]?.url,
      store,
      metrics,
      setProgramUrl(url) {
        programUrl = url;
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Returns whether a URL leads to a loopback URL, whose records would come back forever. */
function isSameServer(loopbackUrl: string, other: string): boolean {
  const { hostname, port } = new URL(other);
  return port === new URL(loopbackUrl).port && isLoopback(hostname);
}

function adviseOtlp({ otlpUrl }: PortHolder): string | undefined {
  if (otlpUrl === undefined) return undefined;
  const variable =
    otlpUrl === DEFAULT_OTLP_URL ? '' : ` and OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl}`;
  return `To send to the other one instead, start with --otlp${variable}.`;
}

interface AppInfo {
  readonly version: string;
  readonly startedAt: number;
  readonly endpoints: readonly { readonly name: string; readonly url: string }[];
  readonly rejected: Readonly<Record<Signal, number>>;
  readonly programUrl: () => string | undefined;
  readonly sampling: string | undefined;
  readonly hosts: readonly string[];
}

/** Loads the pages, and Jaeger's query API below `/api`. */
async function loadApp(store: TraceStore, metrics: MetricStore, info: AppInfo): Promise<Hono> {
  const [{ Hono }, { createPages }, { createJaegerApi }] = await Promise.all([
    import('hono'),
    import('./pages/index.ts'),
    import('./jaeger-api/index.ts'),
  ]);
  const memory = () => process.memoryUsage.rss();
  const pages = createPages({ store, metrics, info: { ...info, memory } });
  const jaegerApi = createJaegerApi({ store });
  const app = new Hono();
  app.use(async function nameServer(c, next) {
    await next();
    c.header('Server', VIEWER_SERVER);
  });
  app.use(guardRequests({ allowedHosts: info.hosts }));
  // Both respond to unknown paths themselves, so they are not mounted by app.route().
  app.all('/api/*', (c) => jaegerApi.fetch(c.req.raw, c.env));
  app.all('*', (c) => pages.fetch(c.req.raw, c.env));
  return app;
}
