import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AggregationType } from '@opentelemetry/sdk-metrics';
import { afterAll, expect, test } from 'vitest';
import {
  applyConfigFile,
  describeProblem,
  type Environment,
} from '../../../packages/opentelemetry-instrument/src/settings/index.ts';
import { readSettings } from '../../support/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'otel.yaml');

/** Reads the settings of a file with this text, and the problems without the path of the file. */
async function read(text: string, variable: Environment = {}) {
  writeFileSync(path, text);
  const sources = { variable: { OTEL_CONFIG_FILE: path, ...variable } };
  const read = readSettings(await applyConfigFile(sources));
  const { settings, exporters, otlp, views, problems } = read;
  const messages = problems.map((each) => describeProblem(each).replaceAll(path, 'otel.yaml'));
  return { settings, exporters, otlp, views, messages };
}

test('a file without providers turns all signals off', async () => {
  const { settings, exporters, messages } = await read('file_format: "1.1"\n');
  expect(messages).toEqual([]);
  expect(exporters).toEqual({ traces: [], metrics: [], logs: [] });
  expect(settings.OTEL_PROPAGATORS).toEqual([]);
});

test('a file sets resource, limits, propagators, processors, exporters and sampler', async () => {
  const { settings, exporters, otlp, messages } = await read(`
file_format: "1.0"
log_level: trace2
resource:
  attributes:
    - { name: service.name, value: "shop, north" }
    - { name: team, value: a, type: string }
  attributes_list: team=b,zone=c
attribute_limits: { attribute_count_limit: 9, attribute_value_length_limit: }
propagator:
  composite: [ tracecontext: , b3: ]
  composite_list: b3,baggage
tracer_provider:
  processors:
    - simple: { exporter: { console: } }
    - batch:
        schedule_delay: 100
        exporter:
          otlp_grpc:
            endpoint: http://collector:4317
            headers: [ { name: a, value: "1,2" } ]
            headers_list: b=2
            timeout: 2000
  limits: { event_count_limit: 3 }
  sampler: { parent_based: { root: { trace_id_ratio_based: { ratio: 0.25 } }, local_parent_sampled: { always_on: } } }
meter_provider:
  readers:
    - pull: { exporter: { prometheus/development: { port: 9000 } } }
    - periodic: { interval: 1000, exporter: { otlp_http: { encoding: json, temporality_preference: low_memory } } }
logger_provider:
  processors:
    - batch: { exporter: { otlp_http: } }
`);
  expect(messages).toEqual([]);
  expect(exporters).toEqual({
    traces: ['console', 'otlp'],
    metrics: ['prometheus', 'otlp'],
    logs: ['otlp'],
  });
  expect(settings).toMatchObject({
    OTEL_LOG_LEVEL: 'verbose',
    OTEL_RESOURCE_ATTRIBUTES: { 'service.name': 'shop, north', team: 'a', zone: 'c' },
    OTEL_ATTRIBUTE_COUNT_LIMIT: 9,
    OTEL_PROPAGATORS: ['tracecontext', 'b3', 'baggage'],
    OTEL_BSP_SCHEDULE_DELAY: 100,
    OTEL_BSP_MAX_QUEUE_SIZE: 2048,
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: 512,
    OTEL_SPAN_EVENT_COUNT_LIMIT: 3,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: 0.25,
    OTEL_EXPORTER_PROMETHEUS_PORT: 9000,
    OTEL_METRIC_EXPORT_INTERVAL: 1000,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'lowmemory',
  });
  expect(otlp.traces).toMatchObject({
    url: 'http://collector:4317',
    protocol: 'grpc',
    headers: { a: '1,2', b: '2' },
    timeoutMillis: 2000,
  });
  expect(otlp.metrics.protocol).toBe('http/json');
  expect(otlp.logs.url).toBe('http://localhost:4318/v1/logs');
});

test('a file sets the exemplar filter and the settings of this package', async () => {
  const { settings, messages } = await read(`
file_format: "1.1"
meter_provider: { exemplar_filter: always_off }
instrumentation/development:
  js:
    opentelemetry_instrument:
      tree_pages: false
      tree_slow_threshold: 90
      sampler_rules: /healthz=0,/=0.5
      tail_sampler_ratio: 0.25
`);
  expect(messages).toEqual([]);
  expect(settings).toMatchObject({
    OTEL_METRICS_EXEMPLAR_FILTER: 'always_off',
    OTEL_JS_TREE_PAGES: false,
    OTEL_JS_TREE_SLOW_THRESHOLD: 90,
    OTEL_JS_SAMPLER_RULES: [{ ratio: 0 }, { ratio: 0.5 }],
    OTEL_JS_TAIL_SAMPLER_RATIO: 0.25,
  });
});

test('a file sets the headers to capture and the known methods', async () => {
  const { settings, messages } = await read(`
file_format: "1.1"
instrumentation/development:
  general:
    http:
      server:
        request_captured_headers: [ accept, x-shop ]
        response_captured_headers: [ etag ]
        known_methods: [ GET, POST ]
`);
  expect(messages).toEqual([]);
  expect(settings).toMatchObject({
    OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: ['accept', 'x-shop'],
    OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE: ['etag'],
    OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: ['GET', 'POST'],
  });
});

test('mistakes in settings of this package and in the exemplar filter name the valid ones', async () => {
  const { messages } = await read(`file_format: "1.1"
instrumentation/development: { js: { opentelemetry_instrument: { tree_page: true } } }
meter_provider: { exemplar_filter: sometimes }
`);
  expect(messages).toEqual([
    'otel.yaml:2 instrumentation/development.js.opentelemetry_instrument.tree_page: is experimental and not supported; ignoring it; did you mean tree_pages?',
    'otel.yaml:3 meter_provider.exemplar_filter: "sometimes" is not a known value; use always_on, always_off or trace_based',
  ]);
});

const ENVIRONMENT = {
  STRING_VALUE: 'value',
  BOOL_VALUE: 'true',
  INT_VALUE: '11',
  EMPTY: '',
  INJECTED: 'value\n- name: more',
  REFERENCE: '${STRING_VALUE}',
};

// From the examples of the specification.
test.each([
  ['${STRING_VALUE}', 'value'],
  ['${env:STRING_VALUE}', 'value'],
  ['"${INT_VALUE}"', '11'],
  ['${UNDEFINED:-fallback}', 'fallback'],
  ['${EMPTY:-fallback}', 'fallback'],
  ['foo ${STRING_VALUE} ${UNDEFINED:-bar}', 'foo value bar'],
  ['$${STRING_VALUE}', '${STRING_VALUE}'],
  ['$$${STRING_VALUE}', '$value'],
  ['$$$${STRING_VALUE}', '$${STRING_VALUE}'],
  ['a $ b', 'a $ b'],
  ['${REFERENCE}', '${STRING_VALUE}'],
  ['${INJECTED}', 'value\n- name: more'],
  ['${UNDEFINED}', undefined],
])('substitution turns %s into %j', async (value, expected) => {
  const text = `file_format: "1.1"\nresource:\n  attributes:\n    - name: a\n      value: ${value}\n`;
  const { settings, messages } = await read(text, ENVIRONMENT);
  expect(messages).toEqual([]);
  expect(settings.OTEL_RESOURCE_ATTRIBUTES).toEqual(expected === undefined ? {} : { a: expected });
});

test('a plain value gets its type after the substitution', async () => {
  const text = (value: string) =>
    `file_format: "1.1"\nresource:\n  attributes:\n    - name: a\n      value: ${value}\n`;
  for (const name of ['INT_VALUE', 'BOOL_VALUE']) {
    const { messages } = await read(text(`\${${name}}`), ENVIRONMENT);
    expect(messages).toEqual([
      'otel.yaml:5 resource.attributes[0].value: is not of type string; quote it, or set its type',
    ]);
  }
});

test('attributes of the resource have the types of the file', async () => {
  const { settings, messages } = await read(
    `
file_format: "1.1"
resource:
  attributes_list: a=list,b=list
  attributes:
    - { name: a, value: 1, type: int }
    - { name: c, value: [true, false], type: bool_array }
    - name: d
      value: \${INT_VALUE}
      type: double
    - { name: e, value: , type: int }
`,
    ENVIRONMENT,
  );
  expect(messages).toEqual([]);
  expect(settings.OTEL_RESOURCE_ATTRIBUTES).toEqual({ a: 1, b: 'list', c: [true, false], d: 11 });
});

test('a file has views', async () => {
  const { views, messages } = await read(`
file_format: "1.1"
meter_provider:
  readers: [ periodic: { exporter: { console: } } ]
  views:
    - selector: { instrument_name: http.*, instrument_type: histogram, unit: s, meter_name: m }
      stream:
        description: shorter
        aggregation: { explicit_bucket_histogram: { boundaries: [ 0.1, 1 ], record_min_max: false } }
        aggregation_cardinality_limit: 9
        attribute_keys: { included: [ http.* ], excluded: [ http.r?ute ] }
    - { selector: { instrument_name: a }, stream: { name: b, aggregation: { sum: } } }
    - { selector: , stream: { aggregation: { drop: } } }
`);
  expect(messages).toEqual([]);
  expect(views).toMatchObject([
    {
      instrumentName: 'http.*',
      instrumentType: 'HISTOGRAM',
      instrumentUnit: 's',
      meterName: 'm',
      description: 'shorter',
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [0.1, 1], recordMinMax: false },
      },
      aggregationCardinalityLimit: 9,
    },
    { instrumentName: 'a', name: 'b', aggregation: { type: AggregationType.SUM } },
    { instrumentName: '*', aggregation: { type: AggregationType.DROP } },
  ]);
  const attributes = { 'http.route': '/', 'http.rate': 1, 'server.port': 80 };
  expect(views?.[0]?.attributesProcessors?.[0]?.process(attributes)).toEqual({ 'http.rate': 1 });
});

test('mistakes in views name their path and line', async () => {
  const { settings, messages } = await read(`file_format: "1.1"
meter_provider:
  views:
    - selector: { instrument_type: gage }
      stream: { name: a, aggregation_cardinality_limit: 0 }
    - selector: { instrument_names: a }
      stream: { aggregation: { explicit_bucket_histogram: { boundaries: [ many ] } } }
    - stream: { aggregation: { base2_exponential_bucket_histogram: { max_scale: 3 } } }
`);
  const view = 'otel.yaml:4 meter_provider.views[0].';
  expect(messages).toEqual([
    `${view}selector.instrument_type: "gage" is not a type of instrument; use one of counter, gauge, histogram, up_down_counter, observable_counter, observable_gauge, observable_up_down_counter`,
    'otel.yaml:5 meter_provider.views[0].stream.aggregation_cardinality_limit: "0" is not a whole number from 1; use a whole number from 1',
    'otel.yaml:5 meter_provider.views[0].stream.name: names several instruments; select one instrument by instrument_name, without *',
    'otel.yaml:6 meter_provider.views[1].selector.instrument_names: is not supported; did you mean instrument_name?',
    'otel.yaml:7 meter_provider.views[1].stream.aggregation.explicit_bucket_histogram.boundaries[0]: "many" is not a number; use a number',
    'otel.yaml:8 meter_provider.views[2].stream.aggregation.base2_exponential_bucket_histogram.max_scale: is not supported by the SDK for JavaScript; remove it',
  ]);
  expect(settings.OTEL_SDK_DISABLED).toBe(true);
});

test.each([
  ['${1A}', '"${1A}"'],
  ['${A:?no}', '"${A:?no}"'],
])('an invalid reference %s is an error of the whole file', async (value, quoted) => {
  const { settings, messages } = await read(`file_format: "1.1"\nlog_level: ${value}\n`);
  expect(messages[0]).toBe(
    `otel.yaml:2: ${quoted} is not a reference to a variable; use \${NAME} or \${NAME:-default}, or $$ for $`,
  );
  expect(settings.OTEL_SDK_DISABLED).toBe(true);
});

test.each([
  ['a: [', 'otel.yaml:1: the file is not valid YAML ('],
  ['log_level: info', 'otel.yaml:1: file_format is missing; begin with file_format: "1.1"'],
  ['file_format: "2.0"', 'otel.yaml:1 file_format: "2.0" is not a supported version; use "1.1"'],
  [
    'file_format: "1.1"\ntracer_provide:',
    'otel.yaml:2 tracer_provide: is not supported; did you mean tracer_provider?',
  ],
  [
    'file_format: "1.1"\ntracer_provider:\n  processors:\n    - batch:\n        schedule_delay: soon\n        exporter: { otlp_http: }\n',
    'otel.yaml:5 tracer_provider.processors[0].batch.schedule_delay: "soon" is not a whole number; use milliseconds, from 0 to 2147483647',
  ],
  [
    'file_format: "1.1"\ntracer_provider:\n  processors:\n    - simple: { exporter: { otlp_http: } }\n',
    'otel.yaml:4 tracer_provider.processors[0].simple.exporter.otlp_http: is not supported; use one of console, tree',
  ],
  [
    'file_format: "1.1"\ntracer_provider:\n  sampler: { jaeger_remote/development: }\n',
    'otel.yaml:3 tracer_provider.sampler.jaeger_remote/development: is not supported; use one of always_on, always_off, trace_id_ratio_based, parent_based',
  ],
  [
    'file_format: "1.1"\nmeter_provider: []\n',
    'otel.yaml:2 meter_provider: is not a mapping; use keys with values',
  ],
  [
    'file_format: "1.1"\nresource: { attributes: { a: b } }\n',
    'otel.yaml:2 resource.attributes: is not a list; use entries that begin with a hyphen',
  ],
  [
    'file_format: "1.1"\nresource:\nresource: {}\n',
    'otel.yaml:3 resource: has been set before; remove one of them',
  ],
  [
    'file_format: "1.1"\nresource:\n\tattributes: []\n',
    'otel.yaml:3: the file is not valid YAML (Tabs are not allowed as indentation); correct the YAML',
  ],
  [
    'file_format: "1.1"\nresource: { attributes: [ { name: a, value: ${A} } ] }\n',
    'otel.yaml:2: the file is not valid YAML (Unexpected flow-map-start at node end); correct the YAML; within braces and brackets, quote references: "${NAME}"',
  ],
  [
    'file_format: "1.1"\n---\nfile_format: "1.1"\n',
    'otel.yaml:2: the file has several documents; keep one',
  ],
  ['- a\n', 'otel.yaml:1: is not a mapping; use keys with values'],
  [
    'file_format: "1.1"\nresource: *r\n',
    'otel.yaml:2: *r has no anchor; add &r to a value before it',
  ],
  [
    'file_format: "1.1"\ntracer_provider:\n  processors:\n    - batch:\n',
    'otel.yaml:4 tracer_provider.processors[0].batch: has no exporter; add one of otlp_http, otlp_grpc, viewer',
  ],
  [
    'file_format: "1.1"\nmeter_provider:\n  readers: [ { pull: {} } ]\n',
    'otel.yaml:3 meter_provider.readers[0].pull: has no exporter; add one of prometheus',
  ],
  [
    'file_format: "1.1"\nlogger_provider:\n  processors:\n    - batch: { exporter: { otlp_http: { encoding: proto } } }\n',
    'otel.yaml:4 logger_provider.processors[0].batch.exporter.otlp_http.encoding: "proto" is not a known value; use protobuf or json',
  ],
])('a mistake is an error with path and line: %j', async (text, message) => {
  const { settings, messages } = await read(text);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.slice(0, message.length)).toBe(message);
  expect(settings.OTEL_SDK_DISABLED).toBe(true);
});

test.each([
  ['1.0', 'info'],
  ['"1.2"', 'info3'],
])('a file of format %s has the log level %s', async (format, level) => {
  const { settings, messages } = await read(`file_format: ${format}\nlog_level: ${level}\n`);
  expect(messages).toEqual([]);
  expect(settings.OTEL_LOG_LEVEL).toBe('info');
});

test('aliases repeat values of the file', async () => {
  const { otlp, exporters, messages } = await read(`
file_format: "1.1"
tracer_provider:
  processors:
    - batch: { exporter: { otlp_http: { endpoint: http://collector:4318/traces, headers: &headers [ { name: a, value: b } ] } } }
logger_provider:
  processors: [ batch: { exporter: { otlp_http: { headers: *headers } } } ]
`);
  expect(messages).toEqual([]);
  expect(exporters.logs).toEqual(['otlp']);
  expect(otlp.logs.headers).toEqual({ a: 'b' });
});

/** Aliases of aliases: a billion strings. */
const LAUGHS = [...'abcdefghij'].map((name, index, names) => {
  const entry = index === 0 ? 'lol' : `*${names[index - 1]}`;
  return `${name}: &${name} [ ${`${entry},`.repeat(9)} ]\n`;
});
test.each([
  ['a billion laughs', `file_format: "1.1"\n${LAUGHS.join('')}resource: { attributes: *j }\n`],
  ['an alias of itself', 'file_format: "1.1"\nresource: &r\n  attributes: [ *r ]\n'],
  ['many aliases', `file_format: "1.1"\na: &a b\nb: [ ${'*a,'.repeat(40_000)} ]\n`],
  [
    'many keys',
    `file_format: "1.1"\n${Array.from({ length: 12_000 }, (_, i) => `k${i}: 1\n`).join('')}`,
  ],
  ['deep lists', `file_format: "1.1"\nresource: ${'['.repeat(125_000)}`],
  ['10 MB', `file_format: "1.1"\n# ${'a'.repeat(10_000_000)}\n`],
])('%s is an error, after a bounded time', async (_, text) => {
  const { settings, messages } = await read(text);
  expect(messages.length).toBeGreaterThan(0);
  expect(settings.OTEL_SDK_DISABLED).toBe(true);
});

test('experimental properties that are not supported are ignored with a warning', async () => {
  const { settings, messages } = await read(
    'file_format: "1.1"\nresource:\n  detection/development: { detectors: [ host: ] }\n',
  );
  expect(messages).toEqual([
    'otel.yaml:3 resource.detection/development: is experimental and not supported; ignoring it; remove it',
  ]);
  expect(settings.OTEL_SDK_DISABLED).toBe(false);
});

test('other variables are ignored and listed once, except those that the file refers to', async () => {
  const { settings, messages } = await read('file_format: "1.1"\nlog_level: ${OTEL_LOG_LEVEL}\n', {
    OTEL_LOG_LEVEL: 'error',
    OTEL_SERVICE_NAME: 'shop',
    OTEL_TRACES_EXPORTER: 'console',
    PORT: '1',
  });
  expect(settings).toMatchObject({
    OTEL_LOG_LEVEL: 'error',
    OTEL_SERVICE_NAME: undefined,
    PORT: 1,
  });
  expect(messages).toEqual([
    'OTEL_CONFIG_FILE: the file replaces all other OTEL_* variables; ignoring OTEL_SERVICE_NAME, OTEL_TRACES_EXPORTER; remove them, or use ${OTEL_SERVICE_NAME} in the file',
  ]);
});

test('a file that does not exist is an error', async () => {
  const sources = { flag: { OTEL_CONFIG_FILE: join(folder, 'no.yaml') } };
  const { problems } = readSettings(await applyConfigFile(sources));
  expect(problems.map(describeProblem)).toEqual([
    `--config_file: ${JSON.stringify(join(folder, 'no.yaml'))} cannot be read (ENOENT); use the path of a YAML file`,
  ]);
});
