import process from 'node:process';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { loadRuntime } from '../../runtimes/index.ts';
import { startRuntimeMetrics } from '../../src/telemetry/runtime-metrics.ts';

// A program that has nothing to do but to be measured.
const { measures } = await loadRuntime();
await startRuntimeMetrics(new MeterProvider(), measures);
process.stdout.write('started\n');
