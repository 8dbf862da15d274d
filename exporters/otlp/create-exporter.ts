import type { Exporter, Signal } from '../exporter.ts';
import type { ExporterOptions } from '../options.ts';
import { createAggregationSelectors } from './aggregation-selectors.ts';
import {
  createLogBatch,
  createSpanBatch,
  type EncodedRequest,
  encodeLogs,
  encodeMetrics,
  encodeSpans,
} from './encode/index.ts';
import { componentType, describeEndpoint, serverOf } from './endpoint.ts';
import { type FailureContext, failureContext } from './failure/index.ts';
import { createOutageReporter } from './outages.ts';
import { createSignalExporter, type SignalExporter } from './signal-exporter.ts';
import type { OpenTransport } from './transport.ts';

/** Options of all signals. */
export type SharedOptions = Pick<ExporterOptions, 'otlp' | 'otlpMetrics'>;

/**
 * Creates an OTLP exporter. Each record is encoded when it arrives: encoding a batch at once would delay
 * requests.
 * @param transportOf returns undefined for signals that do not use OTLP
 * @param maxConcurrency maximum number of concurrent exports of a signal
 */
export function createExporter(
  { otlp, otlpMetrics }: SharedOptions,
  transportOf: (signal: Signal) => OpenTransport | undefined,
  maxConcurrency?: number,
): Exporter {
  const contexts: FailureContext[] = [];
  const outages = createOutageReporter(contexts);
  function create<Records>(
    signal: Signal,
    encode: (records: Records) => EncodedRequest,
  ): SignalExporter<Records> | null {
    const openTransport = transportOf(signal);
    if (openTransport === undefined) return null;
    const settings = otlp[signal];
    const context = failureContext(signal, settings);
    contexts.push(context);
    return createSignalExporter({
      settings,
      openTransport,
      encode,
      context,
      outages,
      maxConcurrency,
    });
  }

  return {
    processor: 'batch',
    metricInterval: 60_000,
    describe: (signal) => describeEndpoint(otlp[signal]),
    componentType: (signal) => componentType(signal, otlp[signal]),
    server: (signal) => serverOf(otlp[signal]),
    traces() {
      const exporter = create('traces', encodeSpans);
      return exporter && { ...exporter, createBatch: createSpanBatch };
    },
    metrics() {
      const exporter = create('metrics', encodeMetrics);
      return exporter && { ...exporter, ...createAggregationSelectors(otlpMetrics) };
    },
    logs() {
      const exporter = create('logs', encodeLogs);
      return exporter && { ...exporter, createBatch: createLogBatch };
    },
  };
}
