import process from 'node:process';
import type { Hono } from 'hono';
import { createStoreSink, type TelemetrySink } from '../receiver/telemetry-sink.ts';
import { createMemoryMetricStore } from '../store/memory-metric-store.ts';
import { createMemoryTraceStore } from '../store/memory-trace-store.ts';
import type { MetricStore } from '../store/metric-store.ts';
import type { StoreLimits, TraceStore } from '../store/trace-store.ts';
import { type LoopbackListener, listenOnLoopback } from './loopback-listener.ts';
import { createLazyServer } from './request-listener.ts';

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
  /** Host names that are accepted in addition to loopback names. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The viewer keeps the process alive. @default true */
  readonly keepAlive?: boolean | undefined;
  /** Takes human-readable messages. @default writes to stderr */
  readonly notify?: ((message: string) => void) | undefined;
}

/** A running viewer. Records can be added directly, by reference. */
export interface Viewer extends TelemetrySink {
  /** Of the pages: `http://localhost:16686`. */
  readonly url: string;
  /** Base URLs of the OTLP receivers, if there are any. */
  readonly otlpHttpUrl: string | undefined;
  readonly otlpGrpcUrl: string | undefined;
  readonly store: TraceStore;
  readonly metrics: MetricStore;
  close(): Promise<void>;
}

/** What the pages and the API are made of. */
export interface ViewerParts {
  readonly store: TraceStore;
  readonly metrics: MetricStore;
  /** Addresses that accept telemetry. */
  readonly endpoints: readonly { readonly name: string; readonly url: string }[];
  readonly startedAt: number;
  readonly allowedHosts: readonly string[];
}

/** Starts a viewer with the app that `loadApp` returns. The app is loaded with the first request. */
export async function startViewerWith(
  loadApp: (parts: ViewerParts) => Promise<Hono>,
  {
    port = 16_686,
    otlp,
    limits,
    save,
    forward,
    allowedHosts = [],
    keepAlive = true,
    notify = (message) => void process.stderr.write(`${message}\n`),
  }: ViewerOptions = {},
): Promise<Viewer> {
  const store = save === undefined ? createMemoryTraceStore(limits) : await openSaved(save, limits);
  const metrics = createMemoryMetricStore();
  const forwarder = forward === undefined ? undefined : await openForwarder(forward, notify);
  const sink = createStoreSink(store, metrics, forwarder);
  const endpoints: { name: string; url: string }[] = [];
  const parts = { store, metrics, endpoints, startedAt: Date.now(), allowedHosts };
  const listeners: LoopbackListener[] = [];

  async function closeAll(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    await forwarder?.close();
    store.close();
  }

  try {
    const pages = await listenOnLoopback(() => createLazyServer(() => loadApp(parts)), {
      port,
      name: 'the viewer',
      keepAlive,
      notify,
    });
    listeners.push(pages);
    if (otlp) {
      const { listenForOtlp } = await import('../receiver/listen-for-otlp.ts');
      const received = await listenForOtlp({
        ...otlp,
        sink,
        store,
        allowedHosts,
        keepAlive,
        notify,
      });
      listeners.push(...received.listeners);
      endpoints.push(...received.endpoints);
    }
    return {
      ...sink,
      url: `http://localhost:${pages.port}`,
      otlpHttpUrl: endpoints[0]?.url,
      otlpGrpcUrl: endpoints[1]?.url,
      store,
      metrics,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function openSaved(path: string, limits?: Partial<StoreLimits>): Promise<TraceStore> {
  const { openSqliteTraceStore } = await import('../store/sqlite-trace-store.ts');
  return openSqliteTraceStore(path, await import('node:sqlite'), { limits });
}

async function openForwarder(endpoint: string, notify: (message: string) => void) {
  const { createForwarder } = await import('../receiver/forward.ts');
  return createForwarder(endpoint, notify);
}
