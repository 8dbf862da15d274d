import type { Signal } from 'opentelemetry-instrument-exporters';
import { readHeaders } from './list-values.ts';
import { type FileContext, type FileValue, readScalar, readShape, type Shape } from './shape.ts';

/** Adds an exporter, by its name in `OTEL_*_EXPORTER`, to those of a signal. */
export type SelectExporter = (name: string, value: FileValue) => void;

/** Way in which a processor or reader exports: in batches, one record at a time, or on request. */
export type ExportMode = 'batch' | 'simple' | 'pull';

/** Returns the forms of the exporters of a signal, by their keys in the file. */
export function exporterShapes(
  signal: Signal,
  mode: ExportMode,
  select: SelectExporter,
): Readonly<Record<string, Shape>> {
  const selecting =
    (name: string, shape: Shape): Shape =>
    (value, context) => {
      select(name, value);
      readShape(value, shape, context);
    };
  if (mode === 'pull') {
    const prometheus = selecting('prometheus', {
      host: 'OTEL_EXPORTER_PROMETHEUS_HOST',
      port: 'OTEL_EXPORTER_PROMETHEUS_PORT',
    });
    return { 'prometheus/development': prometheus, prometheus };
  }
  // Each of these exporters has one kind of processor. Metrics always have the periodic reader.
  const immediate = { console: selecting('console', {}), tree: selecting('tree', {}) };
  if (mode === 'simple') return immediate;
  return {
    otlp_http: selecting('otlp', otlpShape(signal, 'otlp_http')),
    otlp_grpc: selecting('otlp', otlpShape(signal, 'otlp_grpc')),
    viewer: selecting('viewer', {}),
    ...(signal === 'metrics' && { console: immediate.console }),
  };
}

function otlpShape(signal: Signal, key: 'otlp_http' | 'otlp_grpc'): Shape {
  const prefix = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_`;
  const isGrpc = key === 'otlp_grpc';
  const tls = {
    ca_file: `${prefix}CERTIFICATE`,
    key_file: `${prefix}CLIENT_KEY`,
    cert_file: `${prefix}CLIENT_CERTIFICATE`,
    ...(isGrpc && { insecure: `${prefix}INSECURE` }),
  };
  return (value, context) => {
    const standard = isGrpc ? 'http://localhost:4317' : `http://localhost:4318/v1/${signal}`;
    context.set(`${prefix}ENDPOINT`, standard, value);
    context.set(`${prefix}PROTOCOL`, isGrpc ? 'grpc' : 'http/protobuf', value);
    const { headers, headers_list } = readHeaders(`${prefix}HEADERS`);
    readShape(
      value,
      {
        endpoint: `${prefix}ENDPOINT`,
        ...(!isGrpc && { encoding: encodingOf(prefix) }),
        tls,
        headers_list,
        headers,
        compression: `${prefix}COMPRESSION`,
        timeout: `${prefix}TIMEOUT`,
        ...(signal === 'metrics' && {
          temporality_preference: temporality,
          default_histogram_aggregation: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
        }),
      },
      context,
    );
  };
}

const ENCODINGS = new Set(['protobuf', 'json']);

function encodingOf(prefix: string): Shape {
  return (value, context) => {
    const encoding = readScalar(value, context);
    if (encoding === undefined) return;
    if (ENCODINGS.has(encoding)) context.set(`${prefix}PROTOCOL`, `http/${encoding}`, value);
    else {
      const problem = `${JSON.stringify(encoding)} is not a known value`;
      context.fail(value, problem, `use ${[...ENCODINGS].join(' or ')}`);
    }
  };
}

function temporality(value: FileValue, context: FileContext): void {
  const preference = readScalar(value, context);
  if (preference === undefined) return;
  const name = preference === 'low_memory' ? 'lowmemory' : preference;
  context.set('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', name, value);
}
