// A program that prints metrics after a change, and then twice without one.
import { metrics } from '@opentelemetry/api';
import { startTelemetry } from 'opentelemetry-instrument';

const telemetry = await startTelemetry();
metrics.getMeter('test').createCounter('shop.visits').add(1);
for (let i = 0; i < 3; i++) await telemetry.forceFlush();
await telemetry.shutdown();
