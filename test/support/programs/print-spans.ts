/**
 * A program for tests: ends spans into the console exporter, while a timer counts.
 *
 *     print-spans.ts COUNT
 *
 * Prints on stderr as JSON how many spans were written and how many failed. Also prints how often a timer
 * of 10 ms fired meanwhile: a blocked event loop shows as almost no calls.
 */
import { ExportResultCode } from '@opentelemetry/core';
import { createConsoleExporter } from '../../../exporters/console.ts';
import { recordSpans } from '../sdk-records.ts';

const count = Number(process.argv[2]);
const outcome = { written: 0, failed: 0, longestGapMillis: 0, errors: [] as string[] };
let lastTick = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  outcome.longestGapMillis = Math.max(outcome.longestGapMillis, now - lastTick);
  lastTick = now;
}, 10);

const traces = createConsoleExporter().traces();
for (let i = 0; i < count; i++) {
  const spans = recordSpans((tracer) => tracer.startSpan(`span ${i}`).end());
  traces?.export(spans, ({ code, error }) => {
    if (code === ExportResultCode.SUCCESS) outcome.written++;
    else outcome.failed++;
    if (error && !outcome.errors.includes(error.message)) outcome.errors.push(error.message);
  });
  // Some come one by one, some together.
  if (i % 100 === 0) await new Promise(setImmediate);
}
await traces?.shutdown();
clearInterval(timer);
process.stderr.write(`${JSON.stringify(outcome)}\n`);
