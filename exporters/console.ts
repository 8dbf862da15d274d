import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { metricsDocument } from './console/metrics-json.ts';
import { createTimestamp, logDocument, spanDocument } from './console/record-json.ts';
import type { ExporterOf, Signal } from './exporter.ts';
import {
  createRecordExporter,
  createWriter,
  openOutput,
  printableLines,
  type Writer,
} from './terminal/index.ts';

export type { Writer };

/** Options of `createConsoleExporter()`. */
export interface ConsoleOptions {
  /** @default standard output */
  readonly writer?: Writer;
}

/**
 * Creates an exporter that prints each record as an indented JSON document, for `jq` and `grep`.
 *
 * The documents equal those of OpenTelemetry Python's console exporters. Metrics are printed only when
 * a value has changed.
 *
 * @example
 * ```ts
 * import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
 * import { createConsoleExporter } from 'opentelemetry-instrument-exporters/console';
 *
 * const spans = new SimpleSpanProcessor(createConsoleExporter().traces());
 * const provider = new BasicTracerProvider({ spanProcessors: [spans] });
 * ```
 */
export function createConsoleExporter({
  writer = createWriter(() => openOutput(1)),
}: ConsoleOptions = {}): ExporterOf<Signal> {
  const timestamp = createTimestamp();
  return {
    processor: 'simple',
    metricInterval: 10_000,
    describe: () => 'stdout',
    traces: () => createRecordExporter(writer, (span) => print(spanDocument(span, timestamp))),
    metrics: () => createMetricExporter(writer),
    logs: () => createRecordExporter(writer, (record) => print(logDocument(record, timestamp))),
  };
}

/** Scopes whose values always change. They alone do not trigger a print. */
const NOISY_SCOPES: ReadonlySet<string> = new Set([
  'opentelemetry-instrument.runtime',
  'opentelemetry-instrument.delivery',
  '@opentelemetry/sdk-logs',
  '@opentelemetry/sdk-metrics',
]);

function createMetricExporter(writer: Writer): PushMetricExporter {
  const timestamp = createTimestamp();
  const documents = createRecordExporter(writer, (format: () => string) => format());
  let printed = '';
  return {
    ...documents,
    export(metrics, done) {
      let values = '';
      function formatNews(): string {
        const scopeMetrics = metrics.scopeMetrics.filter(
          ({ scope }) => !NOISY_SCOPES.has(scope.name),
        );
        values = JSON.stringify(metricsDocument({ ...metrics, scopeMetrics }, () => ''));
        const isNews = values !== printed && scopeMetrics.some(hasPoints);
        return isNews ? print(metricsDocument(metrics, timestamp)) : '';
      }
      documents.export([formatNews], (result) => {
        if (result.code === ExportResultCode.SUCCESS) printed = values;
        done(result);
      });
    },
  };
}

function hasPoints({ metrics }: ResourceMetrics['scopeMetrics'][number]): boolean {
  return metrics.some((metric) => metric.dataPoints.length > 0);
}

function print(document: object): string {
  return `${printableLines(JSON.stringify(document, undefined, 4))}\n`;
}
