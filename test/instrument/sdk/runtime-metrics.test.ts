import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ValueType } from '@opentelemetry/api';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import type { MetricCapabilities } from '../../../packages/opentelemetry-instrument/src/sdk/runtime-metrics/capabilities.ts';
import { allocate, block } from '../../support/load.ts';
import { spawnScript } from '../../support/spawn-script.ts';
import { metricCapabilities, useRuntimeMetrics } from '../../support/use-runtime-metrics.ts';

/** A metric as the semantic conventions have it. */
type Shape = readonly [name: string, instrument: string, unit: string, valueType: 'int' | 'double'];

const shapes: Readonly<Record<keyof MetricCapabilities, readonly Shape[]>> = {
  eventLoopDelay: ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map((name) => [
    `nodejs.eventloop.delay.${name}`,
    'gauge',
    's',
    'double',
  ]),
  eventLoopTime: [
    ['nodejs.eventloop.time', 'counter', 's', 'double'],
    ['nodejs.eventloop.utilization', 'gauge', '1', 'double'],
  ],
  garbageCollection: [['v8js.gc.duration', 'histogram', 's', 'double']],
  heapSpaces: ['used', 'space.size', 'space.available_size', 'space.physical_size'].map((name) => [
    `v8js.memory.heap.${name}`,
    'updowncounter',
    'By',
    'int',
  ]),
  activeResources: [['v8js.resource.active', 'gauge', '{resource}', 'int']],
};

const ofProcess: Shape[] = [
  ['process.cpu.time', 'counter', 's', 'double'],
  ['process.memory.usage', 'updowncounter', 'By', 'int'],
  ['process.uptime', 'gauge', 's', 'double'],
];
if (process.platform !== 'win32') {
  ofProcess.push(
    ['process.context_switches', 'counter', '{context_switch}', 'int'],
    ['process.paging.faults', 'counter', '{fault}', 'int'],
  );
}
if (process.platform === 'linux') {
  ofProcess.push(
    ['process.thread.count', 'updowncounter', '{thread}', 'int'],
    ['process.unix.file_descriptor.count', 'updowncounter', '{file_descriptor}', 'int'],
  );
}

const measures = metricCapabilities();
const names = Object.keys(shapes) as (keyof MetricCapabilities)[];
const declared = names.filter((name) => measures[name]);
const start = useRuntimeMetrics();

const nothing: MetricCapabilities = {
  eventLoopDelay: false,
  eventLoopTime: false,
  garbageCollection: false,
  heapSpaces: false,
  activeResources: false,
};

/** Moves all that is measured. */
async function load(): Promise<void> {
  await sleep(50);
  block(100);
  allocate(100);
  await sleep(50);
}

function shape(metric: MetricData): Shape {
  const { name, unit, valueType } = metric.descriptor;
  const instrument = {
    [DataPointType.GAUGE]: 'gauge',
    [DataPointType.SUM]:
      'isMonotonic' in metric && metric.isMonotonic ? 'counter' : 'updowncounter',
    [DataPointType.HISTOGRAM]: 'histogram',
    [DataPointType.EXPONENTIAL_HISTOGRAM]: 'exponential histogram',
  }[metric.dataPointType];
  return [name, instrument, unit, valueType === ValueType.INT ? 'int' : 'double'];
}

describe('startRuntimeMetrics() emits', () => {
  async function emitted(measured: MetricCapabilities): Promise<Shape[]> {
    const telemetry = await start(measured);
    await load();
    const metrics = await telemetry.metrics();
    return metrics.filter(({ dataPoints }) => dataPoints.length > 0).map(shape);
  }
  const sorted = (...shapes: Shape[]) => shapes.sort(([a], [b]) => a.localeCompare(b));

  test("the runtime's metrics have the instruments and units of the conventions", async () => {
    const expected = [...ofProcess, ...declared.flatMap((name) => shapes[name])];
    expect(sorted(...(await emitted(measures)))).toEqual(sorted(...expected));
  });

  test.each(declared)('%s and the process when nothing else is measured', async (name) => {
    const only = await emitted({ ...nothing, [name]: true });
    expect(sorted(...only)).toEqual(sorted(...ofProcess, ...shapes[name]));
  });

  test('the process alone when the runtime measures nothing', async () => {
    expect(sorted(...(await emitted(nothing)))).toEqual(sorted(...ofProcess));
  });
});

test('nothing moves after stop()', async () => {
  const telemetry = await start(measures);
  await load();
  await telemetry.metrics();
  telemetry.stop();
  const values = async () =>
    (await telemetry.metrics()).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [descriptor.name, attributes, value]),
    );
  const stopped = await values();
  expect(stopped.map(([name]) => name)).toContain('process.uptime');
  await load();
  expect(await values()).toEqual(stopped);
});

test('a program ends while its runtime metrics are measured', async () => {
  const script = spawnScript('start-runtime-metrics.ts');
  expect(await script.exit).toBe(0);
  expect(script.lines).toEqual(['started']);
});
