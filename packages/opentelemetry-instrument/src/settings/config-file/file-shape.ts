import type { Signal } from 'opentelemetry-instrument-exporters';
import { isScalar } from 'yaml';
import { telemetryVariables } from '../variables.ts';
import { exporterShapes, type SelectExporter } from './exporter-shapes.ts';
import { namesShape, readPropagator, readResource } from './list-values.ts';
import { readSampler } from './read-sampler.ts';
import { readViews } from './read-views.ts';
import {
  entriesOfList,
  type FileContext,
  type FileValue,
  membersOf,
  readChoice,
  readMembers,
  readScalar,
  readShape,
  type Shape,
} from './shape.ts';

const VERSIONS = new Set(['1.0', '1.1', '1.2']);
/** The default of the file. No other value is supported. */
const DEFAULT_DEPTH_LIMIT = '64';

/**
 * Reads the root of a file, of which a subset is supported.
 * @see https://github.com/open-telemetry/opentelemetry-configuration/blob/main/schema-docs.md
 */
export function readFileShape(root: FileValue, context: FileContext): void {
  const members = membersOf(root, context);
  if (members === undefined) return;
  if (!members.some(([key]) => key === 'file_format')) {
    context.fail(root, 'file_format is missing', 'begin with file_format: "1.1"');
  }
  // Signals without a provider are not recorded, and without a propagator nothing is propagated.
  context.set('OTEL_TRACES_EXPORTER', 'none', root);
  context.set('OTEL_METRICS_EXPORTER', 'none', root);
  context.set('OTEL_LOGS_EXPORTER', 'none', root);
  context.set('OTEL_PROPAGATORS', 'none', root);
  readMembers(members, TOP, context);
}

const HTTP_PREFIX = 'OTEL_INSTRUMENTATION_HTTP_';
const OTHER_LANGUAGES = [
  'cpp',
  'dotnet',
  'erlang',
  'go',
  'java',
  'php',
  'python',
  'ruby',
  'rust',
  'swift',
];

/** The supported keys, by their names in the schema, each with the variable that it sets. */
const TOP: { readonly [key: string]: Shape } = {
  file_format(value, context) {
    // As a number, 1.0 is 1.
    const { node } = value;
    const isNumber = isScalar(node) && typeof node.value === 'number';
    const version = isNumber ? node.source : readScalar(value, context);
    if (version !== undefined && VERSIONS.has(version)) return;
    context.fail(
      value,
      `${JSON.stringify(version ?? null)} is not a supported version`,
      'use "1.1"',
    );
  },
  disabled: 'OTEL_SDK_DISABLED',
  log_level(value, context) {
    const level = readScalar(value, context)?.replace(/[2-4]$/, '');
    if (level !== undefined) context.set('OTEL_LOG_LEVEL', LEVELS[level] ?? level, value);
  },
  resource: readResource,
  attribute_limits: {
    attribute_count_limit: 'OTEL_ATTRIBUTE_COUNT_LIMIT',
    attribute_value_length_limit: 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    attribute_value_depth_limit: readDepthLimit,
  },
  propagator: readPropagator,
  tracer_provider: {
    processors: processors('traces', 'BSP', '5000'),
    sampler: readSampler,
    limits: {
      attribute_count_limit: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
      attribute_value_length_limit: 'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      attribute_value_depth_limit: readDepthLimit,
      event_count_limit: 'OTEL_SPAN_EVENT_COUNT_LIMIT',
      link_count_limit: 'OTEL_SPAN_LINK_COUNT_LIMIT',
      event_attribute_count_limit: 'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
      link_attribute_count_limit: 'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
    },
  },
  meter_provider: {
    readers,
    views: readViews,
    exemplar_filter: 'OTEL_METRICS_EXEMPLAR_FILTER',
  },
  logger_provider: {
    processors: processors('logs', 'BLRP', '1000'),
    limits: {
      attribute_count_limit: 'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
      attribute_value_length_limit: 'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      attribute_value_depth_limit: readDepthLimit,
    },
  },
  'instrumentation/development': {
    // One file may serve programs in several languages.
    ...Object.fromEntries(OTHER_LANGUAGES.map((name) => [name, () => {}])),
    general: {
      stability_opt_in_list: 'OTEL_SEMCONV_STABILITY_OPT_IN',
      http: {
        server: {
          request_captured_headers: namesShape(`${HTTP_PREFIX}CAPTURE_HEADERS_SERVER_REQUEST`),
          response_captured_headers: namesShape(`${HTTP_PREFIX}CAPTURE_HEADERS_SERVER_RESPONSE`),
          known_methods: namesShape(`${HTTP_PREFIX}KNOWN_METHODS`),
        },
      },
    },
    js: {
      opentelemetry_instrument: ownShape(),
    },
  },
};

/** Returns the form of the settings that only this package has: `tree_pages` for `OTEL_JS_TREE_PAGES`. */
function ownShape(): Shape {
  const prefix = 'OTEL_JS_';
  const names = Object.keys(telemetryVariables).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length).toLowerCase(), name]));
}

/** Names of the SDK's levels, by those of the file without their number. */
const LEVELS: Readonly<Record<string, string>> = { trace: 'verbose', fatal: 'error' };

function readDepthLimit(value: FileValue, context: FileContext): void {
  const limit = readScalar(value, context);
  if (limit === undefined || limit === DEFAULT_DEPTH_LIMIT) return;
  context.fail(value, 'is not supported by the SDK for JavaScript', 'remove it');
}

/** Returns the form of the processors of spans or log records. */
function processors(signal: 'traces' | 'logs', prefix: 'BSP' | 'BLRP', delay: string): Shape {
  return (list, context) => {
    const select = exporterList(signal, context);
    let hasBatch = false;
    for (const entry of entriesOfList(list, context)) {
      readChoice(
        entry,
        {
          batch(value) {
            if (hasBatch) {
              return context.fail(
                value,
                'is the second batch processor',
                'use one for each signal',
              );
            }
            hasBatch = true;
            // These defaults of the file differ from those of the variables.
            context.set(`OTEL_${prefix}_MAX_QUEUE_SIZE`, '2048', value);
            context.set(`OTEL_${prefix}_MAX_EXPORT_BATCH_SIZE`, '512', value);
            context.set(`OTEL_${prefix}_SCHEDULE_DELAY`, delay, value);
            const shape = {
              schedule_delay: `OTEL_${prefix}_SCHEDULE_DELAY`,
              export_timeout: `OTEL_${prefix}_EXPORT_TIMEOUT`,
              max_queue_size: `OTEL_${prefix}_MAX_QUEUE_SIZE`,
              max_export_batch_size: `OTEL_${prefix}_MAX_EXPORT_BATCH_SIZE`,
            };
            readWithExporter(value, shape, exporterShapes(signal, 'batch', select), context);
          },
          simple(value) {
            readWithExporter(value, {}, exporterShapes(signal, 'simple', select), context);
          },
        },
        context,
      );
    }
  };
}

function readers(list: FileValue, context: FileContext): void {
  const select = exporterList('metrics', context);
  for (const entry of entriesOfList(list, context)) {
    readChoice(
      entry,
      {
        periodic(value) {
          context.set('OTEL_METRIC_EXPORT_INTERVAL', '60000', value);
          const shape = {
            interval: 'OTEL_METRIC_EXPORT_INTERVAL',
            timeout: 'OTEL_METRIC_EXPORT_TIMEOUT',
          };
          readWithExporter(value, shape, exporterShapes('metrics', 'batch', select), context);
        },
        pull(value) {
          readWithExporter(value, {}, exporterShapes('metrics', 'pull', select), context);
        },
      },
      context,
    );
  }
}

/** Reads a processor or reader, which must have an exporter. */
function readWithExporter(
  value: FileValue,
  shape: { readonly [key: string]: Shape },
  exporters: Readonly<Record<string, Shape>>,
  context: FileContext,
): void {
  let hasExporter = false;
  function exporter(choice: FileValue): void {
    hasExporter = true;
    readChoice(choice, exporters, context);
  }
  readShape(value, { ...shape, exporter }, context);
  if (hasExporter) return;
  context.fail(value, 'has no exporter', `add one of ${Object.keys(exporters).join(', ')}`);
}

/** Returns a function that adds an exporter to those of a signal. */
function exporterList(signal: Signal, context: FileContext): SelectExporter {
  const names: string[] = [];
  return (name, value) => {
    if (names.includes(name)) {
      return context.fail(value, `is the second exporter ${name}`, 'use one for each signal');
    }
    names.push(name);
    context.set(`OTEL_${signal.toUpperCase()}_EXPORTER`, names.join(','), value);
  };
}
