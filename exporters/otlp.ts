import process from 'node:process';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  type AggregationOption,
  AggregationType,
  InstrumentType,
} from '@opentelemetry/sdk-metrics';
import type { Exporter, Signal } from '../src/telemetry/exporter.ts';

/**
 * When the other end cuts a connection that has been used before, in place of an answer, Deno's
 * node:http says nothing of it, for ever. So each export there has a connection of its own.
 */
const connection = 'deno' in process.versions ? { httpAgentOptions: { keepAlive: false } } : {};

/** OTLP over HTTP as protobuf. The SDK's exporters read `OTEL_EXPORTER_OTLP_*` themselves. */
export function createExporter(): Exporter {
  return {
    delivery: 'batched',
    metricInterval: 60_000,
    describe: (signal) => `OTLP ${endpoint(signal, process.env)}`,
    traces: () => new OTLPTraceExporter(connection),
    metrics: () => new OTLPMetricExporter({ ...connection, aggregationPreference }),
    logs: () => new OTLPLogExporter(connection),
  };
}

/** The one of `OTEL_EXPORTER_OTLP_*` that the SDK's exporters do not read. */
function aggregationPreference(instrument: InstrumentType): AggregationOption {
  const wanted = process.env.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION;
  const isExponential =
    instrument === InstrumentType.HISTOGRAM && wanted === 'base2_exponential_bucket_histogram';
  return { type: isExponential ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT };
}

/**
 * The URL that an exporter sends to, without a password and a query, which may hold a token.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
 */
function endpoint(signal: Signal, env: Record<string, string | undefined>): string {
  const own = env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]?.trim();
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || 'http://localhost:4318';
  const url = own || `${base.replace(/\/$/, '')}/v1/${signal}`;
  return url.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/s, '');
}
