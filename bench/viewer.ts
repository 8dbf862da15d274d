// `npm run bench:viewer`: what the viewer's store costs, and the viewer as a program. `npm run bench:viewer -- 100000`
// is for another number of traces.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { argv, cpuUsage, execPath, memoryUsage, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { encodeSpans } from '../exporters/otlp/encode/record-batch.ts';
import { createJaegerApi } from '../packages/opentelemetry-viewer/src/jaeger-api/index.ts';
import { createMemoryTraceStore } from '../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import type {
  StoreLimits,
  TraceQuery,
  TraceStore,
} from '../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { makeSpan, START_MS, todo, web } from '../test/viewer/hand-made-spans.ts';
import { summarize } from './statistics.ts';

const TRACES = Number(argv[2] ?? 10_000);
const REPEATS = 30;
/** Of filling the store again. */
const ROUNDS = 7;

/** Returns the three spans of a request: page, server and SQL. One in a hundred fails. */
function requestSpans(index: number): ReadableSpan[] {
  const traceId = (index + 1).toString(16).padStart(32, '0');
  const path = `/tasks/${index % 50}`;
  const at = { traceId, startMicros: index * 1_000, micros: 500 + (index % 997) * 10 };
  const failed = index % 100 === 0;
  return [
    makeSpan({ ...at, spanId: '000000000000000a', name: 'click', resource: web }),
    makeSpan({
      ...at,
      spanId: '000000000000000b',
      parentSpanId: '000000000000000a',
      name: `GET /tasks/:id`,
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/tasks/:id',
        'http.response.status_code': failed ? 500 : 200,
        'url.path': path,
        'url.scheme': 'http',
        'server.address': 'localhost',
        'server.port': 5000,
        'user_agent.original':
          'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      },
      resource: todo,
      ...(failed && { error: 'failed' }),
    }),
    makeSpan({
      ...at,
      spanId: '000000000000000c',
      parentSpanId: '000000000000000b',
      name: 'SELECT tasks',
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.text': 'select "id", "title" from "tasks" where "id" = ?',
        'db.query.summary': 'SELECT tasks',
      },
      resource: todo,
    }),
  ];
}

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
export async function measureStore(
  name: string,
  createStore: (limits: Partial<StoreLimits>) => TraceStore,
): Promise<void> {
  const limits = { maxTraces: TRACES, maxBytes: Infinity };
  const print = (what: string, result: string) => stdout.write(`  ${what}: ${result}\n`);
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

/** Measures the viewer in a process of its own, filled over OTLP. Linux only. */
async function measureProgram(): Promise<void> {
  const print = (what: string, result: string) => stdout.write(`  ${what}: ${result}\n`);
  stdout.write(`program, ${TRACES} traces of three spans over OTLP/HTTP\n`);
  const bin = new URL('../packages/opentelemetry-viewer/src/bin.ts', import.meta.url).pathname;
  const startedAt = performance.now();
  const ports = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
  const child = spawn(execPath, [bin, ...ports], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  let url = '';
  let otlpUrl = '';
  for await (const line of createInterface({ input: child.stderr })) {
    otlpUrl ||= /^OTLP over HTTP on (http:\S+?),/.exec(line)?.[1] ?? '';
    url = /^Viewer on (\S+)/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  const millisSinceStart = () => `${(performance.now() - startedAt).toFixed(0)} ms`;
  print('start, until it listens', millisSinceStart());
  await get(url);
  print('start, until the first page', millisSinceStart());

  function processStatus(file: 'stat' | 'status'): string {
    return readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  }
  /** Returns user and system time in milliseconds, in steps of 10. */
  function processorMillis(): number {
    const fields = processStatus('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  const bodies = Array.from({ length: TRACES / 100 }, (_, batch) =>
    Array.from({ length: 100 }, (_, index) => requestSpans(batch * 100 + index)).flat(),
  ).map((spans) => encodeSpans(spans).bytes);
  const [before, start] = [processorMillis(), performance.now()];
  for (const body of bodies) {
    const headers = { 'Content-Type': 'application/x-protobuf' };
    const response = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body });
    if (response.status !== 200) throw new Error(await response.text());
    await response.arrayBuffer();
  }
  const seconds = (performance.now() - start) / 1_000;
  const processor = (processorMillis() - before) / 1_000;
  print('received', `${((TRACES * 3) / seconds).toFixed(0)} spans/s`);
  print('received, by processor time', `${((TRACES * 3) / processor).toFixed(0)} spans/s`);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(processStatus('status'))?.[1];
  print('memory of the process', megabytes(Number(resident) * 1024));

  for (const path of PAGES) {
    const millis: number[] = [];
    const before = processorMillis();
    for (let i = 0; i < REPEATS; i++) {
      const start = performance.now();
      await get(url + path);
      millis.push(performance.now() - start);
    }
    const processor = (processorMillis() - before) / REPEATS;
    const { median } = summarize(millis);
    print(path, `${median.toFixed(1)} ms, ${processor.toFixed(1)} of processor time on average`);
  }
  child.kill('SIGTERM');
  await ended;
}

async function get(url: string): Promise<void> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} responds ${response.status}`);
  await response.arrayBuffer();
}

await measureStore('memory', createMemoryTraceStore);
await measureProgram();
