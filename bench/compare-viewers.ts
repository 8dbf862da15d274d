import { setTimeout as sleep } from 'node:timers/promises';
import { encodeSpans } from '../exporters/otlp/encode/record-batch.ts';
import { START_MS } from '../test/viewer/hand-made-spans.ts';
import { requestSpans } from './request-spans.ts';
import { median } from './statistics.ts';
import { startPeerProgram, startViewerProgram, type ViewerProgram } from './viewer-program.ts';

const STARTS = 7;
export const REPEATS = 30;
/** The store is filled that often: memory grows until it has dropped traces for some time. */
const FILLINGS = 4;
const REQUESTS_PER_EXPORT = 100;

interface Contender {
  readonly name: string;
  start(): Promise<ViewerProgram>;
  /** Returns the newest 20 traces with all their spans, as JSON. @param path the `url.path` of a span */
  search(viewer: ViewerProgram, path?: string): Promise<string>;
  /** Calls back with each message of the live pages. @returns a function that ends this */
  follow(viewer: ViewerProgram, listener: (message: string) => void): Promise<() => void>;
}

const ours = {
  search({ read, url }: ViewerProgram, path?: string) {
    const tags = path === undefined ? '' : `&tag=url.path:${path}`;
    return read(`${url}/api/traces?limit=20&start=0&end=${START_MS + 3_600_000}000${tags}`);
  },
  async follow({ url }: ViewerProgram, listener: (message: string) => void) {
    const source = new AbortController();
    const { body } = await fetch(`${url}/events`, { signal: source.signal });
    const opened = Promise.withResolvers<void>();
    void body
      ?.pipeThrough(new TextDecoderStream())
      .pipeTo(
        new WritableStream({
          write(text) {
            opened.resolve();
            listener(text);
          },
        }),
      )
      .catch(() => {});
    await opened.promise;
    return () => source.abort();
  },
};

/** @param maxTraces what each of them keeps */
export function viewersToCompare(maxTraces: number): readonly Contender[] {
  return [
    { name: 'ours', start: startViewerProgram, ...ours },
    {
      name: 'autotel-devtools',
      start: () => startPeerProgram(maxTraces),
      search({ read, url }, path) {
        const query = path === undefined ? '' : `url.path = "${path}"`;
        const headers = { 'Content-Type': 'application/json' };
        const body = JSON.stringify({ query, limit: 20 });
        return read(`${url}/api/query/traces`, { method: 'POST', headers, body });
      },
      async follow({ url }, listener) {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
        socket.addEventListener('message', ({ data }) => listener(String(data)));
        await new Promise((resolve) => socket.addEventListener('open', resolve));
        return () => socket.close();
      },
    },
  ];
}

/** Exports requests as fast as the viewer accepts them. */
export async function sendRequestSpans(
  viewer: ViewerProgram,
  from: number,
  count: number,
): Promise<void> {
  for (let first = from; first < from + count; first += REQUESTS_PER_EXPORT) {
    const indexes = Array.from({ length: REQUESTS_PER_EXPORT }, (_, index) => first + index);
    await viewer.send('traces', encodeSpans(indexes.flatMap(requestSpans)).bytes);
  }
}

/** Returns milliseconds of `REPEATS` calls, as a median. */
export async function medianMillis(run: (index: number) => Promise<unknown>): Promise<number> {
  const millis: number[] = [];
  for (let index = 0; index < REPEATS; index++) {
    const start = performance.now();
    await run(index);
    millis.push(performance.now() - start);
  }
  return median(millis);
}

/** Starts each viewer several times, in turn. @returns for each the rows of its starts */
export async function compareStarts(contenders: readonly Contender[]): Promise<string[][]> {
  const starts = contenders.map(() => ({
    listening: [] as number[],
    processor: [] as number[],
    page: [] as number[],
  }));
  for (let round = 0; round < STARTS; round++) {
    for (const [index, { start }] of contenders.entries()) {
      const viewer = await start();
      starts[index]?.listening.push(viewer.startMillis);
      starts[index]?.processor.push(viewer.processorMillis());
      const openedAt = performance.now();
      await viewer.read(viewer.url);
      starts[index]?.page.push(performance.now() - openedAt);
      await viewer.stop();
    }
  }
  return starts.map(({ listening, processor, page }) => [
    `start, until it listens: ${median(listening).toFixed(0)} ms`,
    `start, processor time: ${median(processor).toFixed(0)} ms`,
    `first page: ${median(page).toFixed(0)} ms`,
  ]);
}

/** Fills a viewer, searches it, and follows it. @returns one line for each result */
export async function measureViewer(contender: Contender, traces: number): Promise<string[]> {
  const viewer = await contender.start();
  const [before, start] = [viewer.processorMillis(), performance.now()];
  await sendRequestSpans(viewer, 0, traces);
  const seconds = (performance.now() - start) / 1_000;
  const processor = (viewer.processorMillis() - before) / 1_000;
  const memory = [viewer.residentBytes()];
  for (let filling = 1; filling < FILLINGS; filling++) {
    await sendRequestSpans(viewer, filling * traces, traces);
    memory.push(viewer.residentBytes());
  }

  const newest = await medianMillis(() => contender.search(viewer));
  const path = '/tasks/7';
  const found = await contender.search(viewer, path);
  if (!found.includes(path)) throw new Error(`${contender.name} finds no ${path}: ${found}`);
  const filtered = await medianMillis(() => contender.search(viewer, path));
  const delays = await measureDelays(contender, viewer, FILLINGS * traces);
  memory.push(viewer.residentBytes());
  await viewer.stop();
  return [
    `received: ${((traces * 3) / seconds).toFixed(0)} spans/s, ${((traces * 3) / processor).toFixed(0)} a second of processor time`,
    `memory after each ${traces} traces, and at the end: ${memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(' ')} MB`,
    `newest 20 traces: ${newest.toFixed(1)} ms`,
    `newest 20 traces with an attribute: ${filtered.toFixed(1)} ms`,
    `a new request is reported after: ${median(delays).toFixed(0)} ms, ${Math.max(...delays).toFixed(0)} at most`,
  ];
}

/** Returns milliseconds from sending a request's spans until the live pages receive its trace id. */
async function measureDelays(
  { follow }: Contender,
  viewer: ViewerProgram,
  from: number,
): Promise<number[]> {
  let traceId = '';
  let reported = Promise.withResolvers<void>();
  const stop = await follow(viewer, (message) => {
    if (message.includes(traceId)) reported.resolve();
  });
  const delays: number[] = [];
  for (let index = from; index < from + REPEATS; index++) {
    const spans = requestSpans(index);
    traceId = spans[0]?.spanContext().traceId ?? '';
    reported = Promise.withResolvers();
    const sentAt = performance.now();
    await viewer.send('traces', encodeSpans(spans).bytes);
    await reported.promise;
    delays.push(performance.now() - sentAt);
    // Not in step with the timer of the viewer.
    await sleep(Math.random() * 300);
  }
  stop();
  return delays;
}
