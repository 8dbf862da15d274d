import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfigFile } from '../../../packages/opentelemetry-instrument/src/settings/config-file/read-config-file.ts';
import { root } from '../../support/app-command.ts';

const folder = join(root, 'test/instrument/settings/official');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(read('schema.json')));

/** A file with every key that is supported. */
const EVERYTHING = `
file_format: "1.2"
disabled: false
log_level: warn
resource:
  attributes: [ { name: a, value: [ 1 ], type: int_array } ]
  attributes_list: b=c
attribute_limits: { attribute_count_limit: 9, attribute_value_length_limit: 9 }
propagator: { composite: [ tracecontext: ], composite_list: "baggage,b3" }
tracer_provider:
  processors:
    - simple: { exporter: { console: } }
    - batch:
        schedule_delay: 1
        export_timeout: 1
        max_queue_size: 9
        max_export_batch_size: 9
        exporter: { otlp_grpc: { endpoint: "http://localhost:4317", tls: { insecure: true } } }
  limits: { attribute_count_limit: 9, event_count_limit: 9, link_count_limit: 9 }
  sampler: { parent_based: { root: { trace_id_ratio_based: { ratio: 0.5 } } } }
meter_provider:
  exemplar_filter: always_off
  readers:
    - periodic:
        interval: 9
        timeout: 9
        exporter:
          otlp_http:
            endpoint: http://localhost:4318/v1/metrics
            encoding: json
            headers: [ { name: a, value: b } ]
            headers_list: c=d
            compression: gzip
            timeout: 9
            temporality_preference: delta
            default_histogram_aggregation: base2_exponential_bucket_histogram
    - pull: { exporter: { prometheus/development: { host: localhost, port: 9464 } } }
  views:
    - selector:
        instrument_name: a
        instrument_type: observable_up_down_counter
        unit: s
        meter_name: m
        meter_version: "1"
        meter_schema_url: "https://schema.example"
      stream:
        name: b
        description: c
        aggregation: { base2_exponential_bucket_histogram: { max_scale: 20, max_size: 9 } }
        aggregation_cardinality_limit: 9
        attribute_keys: { included: [ "a.*" ], excluded: [ a.b ] }
logger_provider:
  processors: [ simple: { exporter: { console: } } ]
  limits: { attribute_count_limit: 9, attribute_value_length_limit: 9 }
`;

describe('the official schema of configuration files', () => {
  test.each([
    ['a file with every supported key', EVERYTHING],
    ['otel-sdk-config.yaml', read('otel-sdk-config.yaml')],
    ['otel-sdk-migration-config.yaml', read('otel-sdk-migration-config.yaml')],
  ])('%s is valid, and is read without a problem', (_, text) => {
    // The schema is for files whose variables are replaced.
    const replaced = text.replace(/\$\{\w+(?::-([^}]*))?\}/g, '$1');
    expect(isValid(parse(replaced)), JSON.stringify(isValid.errors)).toBe(true);
    expect(readConfigFile('otel.yaml', text, {}).problems).toEqual([]);
  });

  test('otel-getting-started.yaml is read with a warning about its experimental detectors', () => {
    const { problems } = readConfigFile('otel.yaml', read('otel-getting-started.yaml'), {});
    expect(problems.map(({ source, isFatal }) => [source, isFatal])).toEqual([
      ['otel.yaml:17 resource.detection/development', false],
    ]);
  });
});
