import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { logDocument } from './console/log-json.ts';
import { metricsDocument } from './console/metrics-json.ts';
import { spanDocument } from './console/span-json.ts';
import { createTimestamp } from './console/timestamp.ts';
import type { Exporter } from './exporter.ts';
import { openOutput } from './terminal/open-output.ts';
import { printableLines } from './terminal/printable.ts';
import { createRecordExporter } from './terminal/record-exporter.ts';
import { createWriter, type Writer } from './terminal/writer.ts';

export interface ConsoleOptions {
  /** Default: standard output. */
  readonly writer?: Writer;
}

/**
 * Prints every record on stdout as a JSON document of several lines, for `jq` and `grep`.
 *
 * The shape is that of OpenTelemetry Python's console exporters. Spans and logs are printed as they
 * end, metrics every 10 s and only when something but the time has changed.
 */
export function createExporter({
  writer = createWriter(() => openOutput(1)),
}: ConsoleOptions = {}): Exporter {
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

/** Scopes of what changes with every breath of the program, and is no reason to print all again. */
const RESTLESS: ReadonlySet<string> = new Set([
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
        const scopeMetrics = metrics.scopeMetrics.filter(({ scope }) => !RESTLESS.has(scope.name));
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
