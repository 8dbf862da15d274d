// `npm run bench:viewer` measures the cost of the viewer's store, of the viewer in the app and as a program, and
// compares it with another viewer. `npm run bench:viewer -- 100000` sets the number of traces.
import { cpuUsage, memoryUsage, stdout } from 'node:process';
import { encodeSpans } from '../exporters/otlp/encode/record-batch.ts';
import { createJaegerApi } from '../packages/opentelemetry-viewer/src/jaeger-api/index.ts';
import { createMemoryTraceStore } from '../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import type {
  StoreLimits,
  TraceQuery,
  TraceStore,
} from '../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { readCount } from '../script-arguments.ts';
import { START_MS } from '../test/viewer/hand-made-spans.ts';
import {
  compareStarts,
  measureViewer,
  medianMillis,
  REPEATS,
  sendRequestSpans,
  viewersToCompare,
} from './compare-viewers.ts';
import { measureEmbedded } from './embedded-viewer.ts';
import { largeTraceSpans, requestSpans } from './request-spans.ts';
import { summarize } from './statistics.ts';
import { bundleViewer, startViewerProgram, type ViewerProgram } from './viewer-program.ts';

const TRACES = readCount('traces', 10_000);
/** Number of times that the store is filled. */
const ROUNDS = 7;

const SEARCHES: Readonly<Record<string, TraceQuery>> = {
  'no condition': {},
  'an attribute': { tags: [{ key: 'url.path', value: '/tasks/7' }] },
  'an attribute that nothing has': { tags: [{ key: 'url.path', value: '/nothing' }] },
  'a text that nothing has': { text: 'nothing has this' },
  'service and duration': { service: 'todo', minDurationMillis: 10 },
  'errors, longest first': { status: 'error', sort: 'longest' },
};

const REQUESTS: readonly string[] = [
  '/api/v3/services',
  '/api/v3/operations?service=todo',
  '/api/v3/trace-summaries?query.startTimeMin=2026-01-01T00:00:00Z&query.startTimeMax=2027-01-01T00:00:00Z&query.searchDepth=20',
  '/api/traces/00000000000000000000000000000001',
  `/api/dependencies?endTs=${START_MS + 3_600_000}&lookback=86400000`,
  `/api/metrics/latencies?service=todo&quantile=0.95&endTs=${START_MS + 60_000}&lookback=3600000&step=60000`,
];

/** Returns the median processor time in milliseconds: other programs do not count. */
async function time(run: () => unknown): Promise<string> {
  const millis: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const before = cpuUsage();
    await run();
    millis.push(microsSince(before) / 1_000);
  }
  const { median, upper } = summarize(millis);
  return `${median.toFixed(2)} ms (upper quartile ${upper.toFixed(2)})`;
}

function print(what: string, result: string): void {
  stdout.write(`  ${what}: ${result}\n`);
}

function microsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = cpuUsage(before);
  return user + system;
}

function usedBytes(): number {
  if (!globalThis.gc) return memoryUsage().rss;
  globalThis.gc();
  return memoryUsage().heapUsed;
}

/** Measures any store, by what the port offers. */
async function measureStore(
  name: string,
  createStore: (limits: Partial<StoreLimits>) => TraceStore,
): Promise<void> {
  const limits = { maxTraces: TRACES, maxBytes: Infinity };
  stdout.write(`${name}, ${TRACES} traces of three spans\n`);

  const before = usedBytes();
  const requests = Array.from({ length: TRACES }, (_, index) => requestSpans(index));
  const ofSpans = usedBytes() - before;
  const store = createStore(limits);
  for (const spans of requests) store.addSpans(spans);
  const ofStore = usedBytes() - before - ofSpans;
  print('memory', `${megabytes(ofStore)} beside ${megabytes(ofSpans)} of spans`);

  // The app adds the spans of a request as they end; the store is full, so that each adds and drops.
  const rounds: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const more = Array.from({ length: TRACES }, (_, index) => requestSpans(round * TRACES + index));
    const before = cpuUsage();
    for (const spans of more) for (const span of spans) store.addSpans([span]);
    rounds.push(microsSince(before) / TRACES);
  }
  const { median } = summarize(rounds);
  print('embedded', `${median.toFixed(2)} us for the three spans of a request`);
  print('add', `${(3e6 / median).toFixed(0)} spans/s`);

  for (const [what, query] of Object.entries(SEARCHES)) {
    const { total } = store.findTraces(query);
    print(`search, ${what}`, `${await time(() => store.findTraces(query))}, ${total} found`);
  }
  const api = createJaegerApi({ store });
  for (const path of REQUESTS) {
    const millis = await time(async () => {
      const response = await api.request(path);
      if (response.status !== 200 && response.status !== 404)
        throw new Error(await response.text());
      await response.arrayBuffer();
    });
    print(path.slice(0, 40), millis);
  }
  store.close();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

const PAGES: readonly string[] = [
  '/',
  '/search?tags=url.path%3D%2Ftasks%2F7',
  '/search?text=nothing',
  '/trace/00000000000000000000000000000001',
];

/** Numbers of spans. */
const LARGE_TRACES: readonly number[] = [1_000, 5_000];

/** Measures the pages of the viewer in a separate process, filled over OTLP. Linux only. */
async function measurePages(): Promise<void> {
  const viewer = await startViewerProgram();
  // With room for the large ones: the first is read below.
  await sendRequestSpans(viewer, 0, TRACES - 100);
  const pages = new Map(PAGES.map((path) => [path, path]));
  for (const count of LARGE_TRACES) {
    const traceId = count.toString().padStart(32, 'f');
    await viewer.send('traces', encodeSpans(largeTraceSpans(traceId, count)).bytes);
    pages.set(`a trace of ${count} spans`, `/trace/${traceId}`);
  }
  for (const [what, path] of pages) {
    const before = viewer.processorMillis();
    const millis = await medianMillis(() => viewer.read(viewer.url + path));
    const processor = (viewer.processorMillis() - before) / REPEATS;
    print(what, `${millis.toFixed(1)} ms, ${processor.toFixed(1)} of processor time on average`);
  }
  print('memory of the process, after the pages', megabytes(viewer.residentBytes()));
  print('/save, longest response to another request meanwhile', await measureSave(viewer));
  await viewer.stop();
}

/** Returns how long others wait for a small response while everything is saved. */
async function measureSave({ url, read }: ViewerProgram): Promise<string> {
  let isSaved = false;
  const saving = read(`${url}/save`).finally(() => {
    isSaved = true;
  });
  let longest = 0;
  while (!isSaved) {
    const start = performance.now();
    await read(`${url}/api/v3/services`);
    longest = Math.max(longest, performance.now() - start);
  }
  return `${longest.toFixed(0)} ms, ${megabytes((await saving).length)} saved`;
}

await measureStore('memory', createMemoryTraceStore);

stdout.write('in the app, added to a request by the viewer\n');
print('processor time', await measureEmbedded());

bundleViewer();
const contenders = viewersToCompare(TRACES);
const starts = await compareStarts(contenders);
for (const [index, contender] of contenders.entries()) {
  stdout.write(`${contender.name}, as a program, ${TRACES} traces of three spans over OTLP/HTTP\n`);
  for (const line of [...(starts[index] ?? []), ...(await measureViewer(contender, TRACES))]) {
    stdout.write(`  ${line}\n`);
  }
}
stdout.write(`pages, ${TRACES} traces\n`);
await measurePages();
