import process from 'node:process';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { startRuntimeMetrics } from '../../../packages/opentelemetry-instrument/src/sdk/runtime-metrics/index.ts';
import { metricCapabilities } from '../use-runtime-metrics.ts';

// A program that has nothing to do but to be measured.
await startRuntimeMetrics(new MeterProvider(), metricCapabilities());
process.stdout.write('started\n');
