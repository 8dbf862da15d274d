import { parseSamplerRules, type SamplerRule } from '../parsers.ts';
import { prefixed, type Variable } from '../variable.ts';
import {
  boolean,
  choice,
  choices,
  integer,
  milliseconds,
  ratio,
  timeout,
} from '../variable-kinds.ts';

/** Variables of traces. */
export const traceVariables = {
  OTEL_TRACES_EXPORTER: choices({
    values: ['tree', 'console', 'otlp', 'viewer'],
    default: undefined,
    defaultText: '`tree`, or `otlp` once its endpoint is set',
    help: 'where spans go',
  }),
  OTEL_TRACES_SAMPLER: choice({
    values: [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    refused: {
      jaeger_remote: 'is not supported by the SDK for JavaScript',
      parentbased_jaeger_remote: 'is not supported by the SDK for JavaScript',
      xray: 'is not supported',
    },
    default: 'parentbased_always_on',
    help: 'which traces are recorded',
  }),
  OTEL_TRACES_SAMPLER_ARG: ratio({
    default: 1,
    help: 'ratio of sampled traces, for the ratio samplers',
  }),
  OTEL_JS_TREE_PAGES: boolean({
    default: true,
    help: 'the tree shows loads and errors of web pages, one line each',
  }),
  OTEL_JS_TREE_SLOW_THRESHOLD: milliseconds({
    default: 500,
    help: 'duration from which the tree marks a span as slow',
  }),
  OTEL_JS_SAMPLER_RULES: {
    form: '<path>=<ratio>,…',
    default: [] as readonly SamplerRule[],
    defaultText: '',
    help: 'ratio of sampled requests by path, before OTEL_TRACES_SAMPLER; /api/* for a prefix, the first match counts',
    parse: parseSamplerRules,
  },
  OTEL_JS_TAIL_SAMPLER_RATIO: ratio({
    default: 1,
    help: 'ratio of traces that are kept when their local root ends, unless they have an error or are slow',
  }),
  OTEL_JS_TAIL_SAMPLER_SLOW_THRESHOLD: milliseconds({
    default: 1_000,
    help: 'duration from which the tail sampler keeps every trace',
  }),
  ...batches('BSP', 5_000, 'spans'),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: limit('attributes of a span'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('a string attribute of a span'),
  OTEL_SPAN_EVENT_COUNT_LIMIT: integer({ default: 128, help: 'events of a span' }),
  OTEL_SPAN_LINK_COUNT_LIMIT: integer({ default: 128, help: 'links of a span' }),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: integer({ default: 128, help: 'attributes of an event' }),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: integer({ default: 128, help: 'attributes of a link' }),
  OTEL_ATTRIBUTE_COUNT_LIMIT: integer({
    default: 128,
    help: 'attributes of a span or log record, unless its own limit is set',
  }),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('any string attribute'),
};

/** Variables of logs. */
export const logVariables = {
  OTEL_LOGS_EXPORTER: choices({
    values: ['tree', 'console', 'otlp', 'viewer'],
    default: undefined,
    defaultText: '`tree`, or `otlp` once its endpoint is set',
    help: 'where log records go; they are always shown on stderr as well',
  }),
  ...batches('BLRP', 1_000, 'log records'),
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: limit('attributes of a log record'),
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('a string attribute of a log record'),
};

// The specification's queue of 2,048 and batches of 512 lose spans above 10,000 per second if the
// collector takes 50 ms to respond. 16,384 encoded spans are about 10 MB.
function batches<P extends 'BSP' | 'BLRP'>(processor: P, delay: number, records: string) {
  const rows = {
    SCHEDULE_DELAY: milliseconds({ default: delay, help: `time that ${records} wait for a batch` }),
    EXPORT_TIMEOUT: timeout({ default: 30_000, help: 'time for one export, 0 for no limit' }),
    MAX_QUEUE_SIZE: integer({ min: 1, default: 16_384, help: `${records} that may wait` }),
    MAX_EXPORT_BATCH_SIZE: integer({ min: 1, default: 2_048, help: `${records} in one export` }),
  };
  return prefixed(`OTEL_${processor}_`, rows);
}

function limit(what: string): Variable<number | undefined> {
  return integer({ default: undefined, defaultText: '128', help: what });
}

function lengthLimit(what: string): Variable<number | undefined> {
  // 0 would mean no limit to the SDK.
  return integer({
    min: 1,
    default: undefined,
    defaultText: 'none',
    help: `characters of ${what}`,
  });
}
