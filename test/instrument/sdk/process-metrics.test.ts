import { closeSync, openSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { metricCapabilities, useRuntimeMetrics, value } from '../../support/use-runtime-metrics.ts';

const measures = metricCapabilities();
const start = useRuntimeMetrics();

test('process.cpu.time grows by the work that is done', async () => {
  const telemetry = await start(measures);
  const before = await telemetry.points('process.cpu.time');
  const from = process.cpuUsage();
  while (process.cpuUsage(from).user < 200_000);
  const after = await telemetry.points('process.cpu.time');
  const grown = value(after, 'user') - value(before, 'user');
  expect(grown).toBeGreaterThan(0.19);
  expect(grown).toBeLessThan(3);
  expect(value(after, 'system')).toBeGreaterThanOrEqual(value(before, 'system'));
});

test('process.uptime grows with the clock', async () => {
  const telemetry = await start(measures);
  const begin = performance.now();
  const before = value(await telemetry.points('process.uptime'));
  await sleep(200);
  const after = value(await telemetry.points('process.uptime'));
  const elapsed = (performance.now() - begin) / 1000;
  expect(after - before).toBeGreaterThan(0.15);
  expect(after - before).toBeLessThan(elapsed + 0.01);
});

describe.skipIf(process.platform === 'win32')('on systems other than Windows', () => {
  test('process.memory.usage and paging.faults grow by memory that is written to', async () => {
    const telemetry = await start(measures);
    const usage = async () => value(await telemetry.points('process.memory.usage'));
    const faults = async () => value(await telemetry.points('process.paging.faults'), 'minor');
    const [usageBefore, faultsBefore] = [await usage(), await faults()];
    const memory = new Uint8Array(128e6).fill(1);
    expect(usageBefore).toBeGreaterThan(10e6);
    const grown = (await usage()) - usageBefore;
    expect(grown).toBeGreaterThan(0.7 * memory.length);
    expect(grown).toBeLessThan(3 * memory.length);
    // A page is of 4 kB, or of 2 MB where the system makes huge ones.
    expect((await faults()) - faultsBefore).toBeGreaterThan(memory.length / 4e6);
  });

  test('process.context_switches counts the times that the process has waited', async () => {
    const telemetry = await start(measures);
    const before = await telemetry.points('process.context_switches');
    for (let i = 0; i < 20; i++) await sleep(2);
    const after = await telemetry.points('process.context_switches');
    expect(value(after, 'voluntary') - value(before, 'voluntary')).toBeGreaterThan(10);
    expect(value(after, 'involuntary')).toBeGreaterThanOrEqual(value(before, 'involuntary'));
  });
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('process.unix.file_descriptor.count counts open files', async () => {
    const telemetry = await start(measures);
    const count = async () => value(await telemetry.points('process.unix.file_descriptor.count'));
    const before = await count();
    const files = Array.from({ length: 50 }, () => openSync('/dev/null', 'r'));
    const open = await count();
    for (const file of files) closeSync(file);
    const closed = await count();
    // This reading takes one, too.
    expect(closed).toBe(readdirSync('/proc/self/fd').length - 1);
    expect(before).toBeGreaterThanOrEqual(3);
    expect(open - before).toBeGreaterThan(40);
    expect(open - closed).toBeGreaterThan(40);
  });

  test('process.thread.count counts threads', async () => {
    const telemetry = await start(measures);
    const count = async () => value(await telemetry.points('process.thread.count'));
    const before = await count();
    const source = new URL('data:text/javascript,setInterval(() => {}, 1000)');
    const workers = Array.from({ length: 5 }, () => new Worker(source));
    await sleep(300);
    const after = await count();
    await Promise.all(workers.map((worker) => worker.terminate()));
    expect(before).toBeGreaterThan(1);
    expect(after - before).toBeGreaterThanOrEqual(3);
  });
});
