import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../test/stack/start-program.ts';
import type { RuntimeName } from '../test/support/app-command.ts';
import { type DeliveryCounts, readOtlpCounts } from '../test/support/delivery-counts.ts';
import { residentBytes } from '../test/support/process-usage.ts';

export interface SoakOptions {
  readonly runtime: RuntimeName;
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
  /** Requests before, at 400 a second, that give the heap the size that it keeps. Default 0. */
  readonly warmUp?: number;
}

export interface SoakResult {
  /** Megabytes that the process holds after the warm-up. */
  readonly settled: number;
  /** One for each tenth of the time. */
  readonly steps: readonly SoakStep[];
  readonly requests: number;
  /** The program's final report on each signal. */
  readonly counts: Readonly<Record<'Traces' | 'Metrics' | 'Logs', DeliveryCounts>>;
  readonly exitCode: number | null;
  /** Milliseconds from SIGTERM to the end. */
  readonly exitMillis: number;
}

export interface SoakStep {
  /** Megabytes that the process holds at the end of the step. */
  readonly memory: number;
  /** Milliseconds from a request to the end of its answer. */
  readonly median: number;
  readonly p99: number;
}

const STEPS = 10;
/** Tasks that the list has. */
const TASKS = 20;

/** Runs the program with `--otlp` under a steady load while no collector is running. */
export async function runSoak({
  runtime,
  seconds,
  rate,
  warmUp = 0,
}: SoakOptions): Promise<SoakResult> {
  await using app = await startProgram({
    runtime,
    args: ['--otlp'],
    env: {
      // A warm-up writes more than one client may.
      RATE_LIMIT: '0',
      // Nothing listens on this port, and systems never assign it.
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
    },
  });
  const steps: SoakStep[] = [];
  let requests = (await load(app.url, warmUp, 400, 0)).length;
  const settled = residentMegabytes(app.pid);
  for (let step = 0; step < STEPS; step += 1) {
    const latencies = await load(app.url, (seconds * rate) / STEPS, rate, requests);
    requests += latencies.length;
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(share * latencies.length)] ?? Number.NaN;
    steps.push({ memory: residentMegabytes(app.pid), median: at(0.5), p99: at(0.99) });
  }
  const stoppedAt = performance.now();
  const { code, stderr } = await app.stop();
  return {
    settled,
    steps,
    requests,
    counts: {
      Traces: readOtlpCounts(stderr, 'Traces'),
      Metrics: readOtlpCounts(stderr, 'Metrics'),
      Logs: readOtlpCounts(stderr, 'Logs'),
    },
    exitCode: code,
    exitMillis: performance.now() - stoppedAt,
  };
}

/** Sends requests at a steady rate, whether earlier ones are answered or not. @returns latencies */
async function load(url: string, count: number, rate: number, before: number): Promise<number[]> {
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  let failures = 0;
  while (answers.length < count && failures === 0) {
    const due = Math.min(count, ((performance.now() - startedAt) * rate) / 1_000 + 1);
    while (answers.length < due) {
      const answer = ask(url, before + answers.length);
      // An unhandled rejection would end this process and leave the program running.
      answer.catch(() => failures++);
      answers.push(answer);
    }
    await sleep(1_000 / rate);
  }
  return Promise.all(answers);
}

/** Sends the n-th request. One in ten adds a task, and another one deletes a task that surely exists. */
async function ask(url: string, n: number): Promise<number> {
  const startedAt = performance.now();
  const path = { 0: '/add', 5: `/delete/${Math.max(1, (n - 5) / 10 - TASKS)}` }[n % 10] ?? '/';
  const body = new URLSearchParams({ task: `task ${n}` });
  const send = () =>
    fetch(url + path, path === '/' ? {} : { method: 'POST', body, redirect: 'manual' });
  // A server may close an idle connection at the moment when it is used again.
  const answer = await send().catch(send);
  await answer.text();
  if (answer.status !== (path === '/' ? 200 : 303)) throw new Error(`${path}: ${answer.status}`);
  return performance.now() - startedAt;
}

function residentMegabytes(pid: number): number {
  return Math.round(residentBytes(pid) / 1e6);
}
