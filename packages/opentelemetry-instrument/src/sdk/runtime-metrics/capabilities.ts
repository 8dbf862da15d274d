/**
 * Metrics that a runtime reports correctly. Where one is false, the API often exists but returns
 * zeros.
 */
export interface MetricCapabilities {
  /** `monitorEventLoopDelay()` detects everything that blocks the event loop. */
  readonly eventLoopDelay: boolean;
  /** `performance.eventLoopUtilization()` separates busy from idle time. */
  readonly eventLoopTime: boolean;
  /** A `PerformanceObserver` gets an entry of type `gc` for each garbage collection. */
  readonly garbageCollection: boolean;
  /** `v8.getHeapSpaceStatistics()` describes the heap. */
  readonly heapSpaces: boolean;
  /** `process.getActiveResourcesInfo()` lists the listening server and its connections. */
  readonly activeResources: boolean;
}

/** The capabilities of each runtime, by its `process.runtime.name`. */
export const METRIC_CAPABILITIES: Readonly<Record<string, MetricCapabilities>> = {
  nodejs: {
    eventLoopDelay: true,
    eventLoopTime: true,
    garbageCollection: true,
    heapSpaces: true,
    activeResources: true,
  },
  // Event loop utilization is always 0, the heap is a single space, resources are missing, and no
  // performance entry has the type `gc`.
  bun: {
    eventLoopDelay: true,
    eventLoopTime: false,
    garbageCollection: false,
    heapSpaces: false,
    activeResources: false,
  },
  // The delay misses most blocking calls, event loop utilization is always 0, the resources of
  // Deno.serve() are missing, and no performance entry has the type `gc`.
  deno: {
    eventLoopDelay: false,
    eventLoopTime: false,
    garbageCollection: false,
    heapSpaces: true,
    activeResources: false,
  },
};
