import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { AggregationType } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { createConsoleExporter } from '../../exporters/console.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';
import { recordMetrics } from '../support/sdk-records.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

function open() {
  const writer = createMemoryWriter();
  return { writer, ignore: () => {}, metrics: createConsoleExporter({ writer }).metrics() };
}

test('console metrics have the keys of the Python exporter, and readable times', async () => {
  const { writer, metrics, ignore } = open();
  const { meter, collect } = recordMetrics([
    { instrumentName: 'wide', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
    {
      instrumentName: 'narrow',
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [1] },
      },
    },
  ]);
  meter.createCounter('sum', { description: 'All', unit: '{task}' }).add(2, { operation: 'add' });
  meter.createGauge('gauge').record(Number.POSITIVE_INFINITY);
  meter.createHistogram('narrow').record(0.5);
  meter.createHistogram('wide').record(4);
  metrics?.export(await collect(), ignore);
  const point = {
    attributes: {},
    start_time_unix_nano: expect.stringMatching(TIME),
    time_unix_nano: expect.stringMatching(TIME),
    exemplars: [],
  };
  const unnamed = { description: '', unit: '' };
  const aggregation_temporality = 2;
  expect(JSON.parse(writer.text)).toEqual({
    resource_metrics: [
      {
        resource: { attributes: { 'service.name': 'todo' }, schema_url: '' },
        scope_metrics: [
          {
            scope: { name: 'test', version: '1.0', schema_url: '', attributes: null },
            metrics: [
              {
                name: 'narrow',
                ...unnamed,
                data: {
                  data_points: [
                    {
                      ...point,
                      count: 1,
                      sum: 0.5,
                      bucket_counts: [1, 0],
                      explicit_bounds: [1],
                      min: 0.5,
                      max: 0.5,
                    },
                  ],
                  aggregation_temporality,
                },
              },
              {
                name: 'wide',
                ...unnamed,
                data: {
                  data_points: [
                    {
                      ...point,
                      count: 1,
                      sum: 4,
                      scale: 20,
                      zero_count: 0,
                      positive: { offset: 2 ** 21 - 1, bucket_counts: [1] },
                      negative: { offset: 0, bucket_counts: [] },
                      flags: 0,
                      min: 4,
                      max: 4,
                    },
                  ],
                  aggregation_temporality,
                },
              },
              {
                name: 'sum',
                description: 'All',
                unit: '{task}',
                data: {
                  data_points: [{ ...point, attributes: { operation: 'add' }, value: 2 }],
                  aggregation_temporality,
                  is_monotonic: true,
                },
              },
              {
                name: 'gauge',
                ...unnamed,
                data: { data_points: [{ ...point, value: 'Infinity' }] },
              },
            ],
            schema_url: '',
          },
        ],
        schema_url: '',
      },
    ],
  });
});

test('console metrics are printed again only after a value has changed', async () => {
  const { writer, metrics } = open();
  const { meter, collect } = recordMetrics();
  const counter = meter.createCounter('tasks');
  const results: ExportResult[] = [];
  const exportMetrics = async () => metrics?.export(await collect(), (r) => results.push(r));
  const printed = () => writer.text.split('"resource_metrics"').length - 1;

  await exportMetrics();
  expect(printed()).toBe(0);
  counter.add(1);
  await exportMetrics();
  await exportMetrics();
  expect(printed()).toBe(1);
  counter.add(1);
  await exportMetrics();
  expect(printed()).toBe(2);
  expect(results).toEqual(Array(4).fill({ code: ExportResultCode.SUCCESS }));
});

test('console metrics that could not be written are printed the next time', async () => {
  const { writer, metrics, ignore } = open();
  const { meter, collect } = recordMetrics();
  meter.createCounter('tasks').add(1);
  writer.fails = true;
  metrics?.export(await collect(), ignore);
  writer.fails = false;
  metrics?.export(await collect(), ignore);
  expect(writer.text).toContain('"tasks"');
});

test('console metrics are printed the next time if only their first export was written', async () => {
  const written: { text: string; done: (result: ExportResult) => void }[] = [];
  const write = (text: string, done: (result: ExportResult) => void) =>
    written.push({ text, done });
  const metrics = createConsoleExporter({ writer: { write, flush: async () => {} } }).metrics();
  const { meter, collect } = recordMetrics();
  const counter = meter.createCounter('tasks');
  for (let i = 0; i < 2; i++) {
    counter.add(1);
    metrics?.export(await collect(), () => {});
  }
  written[0]?.done({ code: ExportResultCode.SUCCESS });
  written[1]?.done({ code: ExportResultCode.FAILED });
  metrics?.export(await collect(), () => {});
  expect(written[2]?.text).toContain('"tasks"');
});
