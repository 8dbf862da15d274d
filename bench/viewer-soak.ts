// `node bench/viewer-soak.ts [minutes]`: the viewer as a program under load, and its memory over time. Linux only.
// Ten minutes by default. The load is new traces over OTLP/HTTP, and readers of its pages, of a search, of the live
// events and of everything that it keeps.
import { exit, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeLogs, encodeSpans } from '../exporters/otlp/encode/record-batch.ts';
import { readCount } from '../script-arguments.ts';
import { recordLogs } from '../test/support/sdk-records.ts';
import { requestSpans } from './request-spans.ts';
import { bundleViewer, startViewerProgram } from './viewer-program.ts';

const MINUTES = readCount('minutes', 10);
const SAMPLE_MS = MINUTES * 1_000;
/** Requests of the imagined app, each with three spans and a log record. */
const REQUESTS_PER_SECOND = 500;
const BATCH = 50;
const PAGES = [
  '/',
  '/search?text=nothing',
  '/logs',
  '/metrics',
  '/map',
  '/status',
  '/api/services',
];
/** Growth from the second third to the last that is more than noise. */
const MAX_GROWTH = 1.1;

bundleViewer();
const viewer = await startViewerProgram();
const end = performance.now() + MINUTES * 60_000;
const isOver = () => performance.now() > end;
let sent = 0;

async function sendRequests(): Promise<void> {
  const startedAt = performance.now();
  while (!isOver()) {
    const indexes = Array.from({ length: BATCH }, (_, index) => sent + index);
    const logs = recordLogs((logger) => {
      for (const index of indexes) logger.emit({ body: `request ${index} done` });
    });
    await viewer.send('traces', encodeSpans(indexes.flatMap(requestSpans)).bytes);
    await viewer.send('logs', encodeLogs(logs).bytes);
    sent += BATCH;
    await sleep(Math.max(0, startedAt + (sent / REQUESTS_PER_SECOND) * 1_000 - performance.now()));
  }
}

async function readPages(): Promise<void> {
  for (let index = 0; !isOver(); index++) {
    await viewer.read(viewer.url + PAGES[index % PAGES.length]);
    if (index % 100 === 99) await viewer.read(`${viewer.url}/save`);
    await sleep(200);
  }
}

/** Opens and closes the live events of a page, like a user who looks around. */
async function followEvents(): Promise<void> {
  while (!isOver()) {
    const response = await fetch(`${viewer.url}/events`, { signal: AbortSignal.timeout(5_000) });
    await response.text().catch(() => '');
  }
}

async function sampleMemory(): Promise<number[]> {
  const samples: number[] = [];
  while (!isOver()) {
    await sleep(SAMPLE_MS);
    samples.push(viewer.residentBytes());
    const megabytes = ((samples.at(-1) ?? 0) / 1e6).toFixed(0);
    stdout.write(`${samples.length} of 60: ${sent} requests, ${megabytes} MB\n`);
  }
  return samples;
}

const [samples] = await Promise.all([sampleMemory(), sendRequests(), readPages(), followEvents()]);
const status = JSON.parse(
  await viewer.read(`${viewer.url}/status`, { headers: { Accept: 'application/json' } }),
);
await viewer.stop();

const third = Math.floor(samples.length / 3);
const average = (values: number[]) =>
  values.reduce((sum, each) => sum + each, 0) / values.length / 1e6;
const [second, last] = [
  average(samples.slice(third, 2 * third)),
  average(samples.slice(2 * third)),
];
stdout.write(`kept ${status.store.traces} traces, dropped ${status.store.droppedTraces}, `);
stdout.write(`of ${sent} requests; memory ${second.toFixed(0)} MB, then ${last.toFixed(0)} MB\n`);
if (last > MAX_GROWTH * second) {
  stdout.write('The memory is not flat.\n');
  exit(1);
}
