import { randomBytes, randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OtlpProtocol } from '../../exporters/index.ts';
import type { RuntimeName } from '../support/app-command.ts';
import { readOtlpCounts } from '../support/delivery-counts.ts';
import { createJaeger, type Jaeger } from './jaeger.ts';
import { askPrometheus } from './prometheus.ts';
import { startProgram } from './start-program.ts';

/** The URLs of the stack. */
export interface Stack {
  /** OTLP over HTTP: `http://localhost:4318`. */
  readonly collector: string;
  /** OTLP over gRPC: `http://localhost:4317`. */
  readonly collectorGrpc: string;
  readonly jaeger: string;
  /** If undefined, metrics count as arrived when the Collector has accepted them. */
  readonly prometheus?: string | undefined;
  /** Time in which spans must be found in Jaeger. */
  readonly patienceMs: number;
}

export interface SignalResult {
  readonly isGood: boolean;
  /** The place at which the signal was found, or the problem. */
  readonly message: string;
}

/** The result for each signal of a program. */
export type StackResult = Readonly<Record<'traces' | 'metrics' | 'logs', SignalResult>>;

/** Prometheus scrapes the Collector every 15 s, and the Collector counts spans every 15 s. */
const PROMETHEUS_TIMEOUT_MS = 45_000;

const SERVICE = 'todo';
const REQUESTS = 2;

/** A program that has sent its signals and ended. */
export interface Sent {
  readonly instance: string;
  readonly url: string;
  readonly traces: { readonly add: Caller; readonly page: Caller };
  readonly stderr: string;
}

/** Returns a message for each part of the stack that cannot be reached. */
export async function findUnreachable(stack: Stack): Promise<string[]> {
  const parts = {
    'The Collector (OTLP over HTTP)': stack.collector,
    'The Collector (OTLP over gRPC)': stack.collectorGrpc,
    Jaeger: stack.jaeger,
    ...(stack.prometheus && { Prometheus: stack.prometheus }),
  };
  const messages = Object.entries(parts).map(async ([name, url]) => {
    const reason = await connect(new URL(url));
    return reason ? [`${name} cannot be reached at ${url}: ${reason}`] : [];
  });
  return (await Promise.all(messages)).flat();
}

/** Connects and disconnects. Resolves to the reason for a failure. */
function connect({ hostname, port, protocol }: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const standard = protocol === 'https:' ? 443 : 80;
    const socket = createConnection({ host: hostname, port: Number(port) || standard });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => settle('no connection in time'));
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    function settle(reason: string | undefined) {
      socket.destroy();
      resolve(reason);
    }
  });
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Runs the app against a stack that is up, makes some requests, and stops it. */
export async function sendSignals(
  stack: Stack,
  runtime: RuntimeName,
  protocol: OtlpProtocol,
): Promise<Sent> {
  const instance = randomUUID();
  await using app = await startProgram({
    runtime,
    args: ['--otlp'],
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? stack.collectorGrpc : stack.collector,
      OTEL_SERVICE_NAME: SERVICE,
      OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
      OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup',
    },
  });
  const traces = { add: newTrace(), page: newTrace() };
  const form = new URLSearchParams({ task: 'milk' });
  await request(`${app.url}/add`, traces.add, { method: 'POST', body: form });
  await request(`${app.url}/`, traces.page);
  const { code, stderr } = await app.stop();
  if (code !== 0) throw new Error(`The app on ${runtime} ended with ${code}: ${stderr}`);

  return { instance, url: app.url, traces, stderr };
}

/** Looks for the signals of a program in the backends of the stack. */
export async function checkSignals(stack: Stack, sent: Sent): Promise<StackResult> {
  const { instance, stderr } = sent;
  const jaeger = createJaeger(stack.jaeger);
  const { prometheus } = stack;
  const [traces, metrics, logs] = await Promise.all([
    attempt(stack.patienceMs, async () => {
      await checkCounts(stderr, 'Traces');
      return checkTraces(jaeger, sent);
    }),
    prometheus
      ? attempt(PROMETHEUS_TIMEOUT_MS, () => checkMetrics(prometheus, instance))
      : attempt(0, () => checkCounts(stderr, 'Metrics')),
    attempt(0, () => checkCounts(stderr, 'Logs')),
  ]);
  return { traces, metrics, logs };
}

interface Caller {
  readonly traceId: string;
  readonly spanId: string;
}

function newTrace(): Caller {
  return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
}

async function request(url: string, { traceId, spanId }: Caller, init: RequestInit = {}) {
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
  await answer.text();
  if (answer.status >= 400) throw new Error(`${url} answers ${answer.status}`);
}

/** Repeats a check until it succeeds or the time is over. */
async function attempt(timeoutMillis: number, check: () => Promise<string>): Promise<SignalResult> {
  const deadline = performance.now() + timeoutMillis;
  for (;;) {
    try {
      return { isGood: true, message: await check() };
    } catch (error) {
      if (performance.now() > deadline) return { isGood: false, message: (error as Error).message };
      await sleep(250);
    }
  }
}

async function checkTraces(
  jaeger: Jaeger,
  { traces: { add, page }, url, instance }: Sent,
): Promise<string> {
  expect((await jaeger.services()).includes(SERVICE), `the service ${SERVICE} is not in Jaeger`);

  const spans = await jaeger.trace(add.traceId);
  const server = spans.find(({ name, kind }) => name === 'POST /add' && kind === 2);
  const sql = spans.find(({ name, kind }) => name === 'INSERT tasks' && kind === 3);
  expect(spans.length > 0, 'the trace of POST /add is not in Jaeger');
  expect(server !== undefined, 'POST /add is not in its trace in Jaeger');
  expect(sql !== undefined, 'INSERT tasks is not in its trace in Jaeger');
  expect(server?.parentSpanId === add.spanId, 'POST /add is not below its caller');
  expect(sql?.parentSpanId === server?.spanId, 'INSERT tasks is not below POST /add');
  const where = server?.resource['service.instance.id'];
  expect(where === instance, `service.instance.id is ${where}`);

  for (const [tags, { traceId }] of [
    [{ 'url.path': '/add' }, add],
    [{ 'http.url': `${url}/` }, page],
    [{ 'service.instance.id': instance }, page],
  ] as const) {
    const found = await jaeger.search(SERVICE, tags);
    const what = `a search for ${JSON.stringify(tags)}`;
    expect(
      found.some((span) => span.traceId === traceId),
      `${what} does not find the trace`,
    );
    const hasSql = found.some((span) => span.traceId === traceId && span.kind === 3);
    expect(hasSql, `${what} finds the trace without its SQL`);
  }
  const query = new URLSearchParams({ service: SERVICE, tags: '{"url.path":"/add"}' });
  for (const path of [`/trace/${add.traceId}`, `/search?${query}`]) {
    expect(await jaeger.hasPage(path), `Jaeger has no page ${path}`);
  }
  return 'found in Jaeger';
}

async function checkMetrics(prometheus: string, instance: string): Promise<string> {
  for (const name of [
    'http_server_request_duration_seconds_count',
    // What Jaeger's Monitor tab shows.
    'traces_span_metrics_calls_total',
  ]) {
    const kind = name.startsWith('traces') ? ',span_kind="SPAN_KIND_SERVER"' : '';
    const count = await askPrometheus(prometheus, `${name}{instance="${instance}"${kind}}`);
    expect(count === REQUESTS, `${name} is ${count}, not ${REQUESTS}`);
  }
  return 'found in Prometheus';
}

async function checkCounts(stderr: string, signal: 'Traces' | 'Metrics' | 'Logs'): Promise<string> {
  const { created, exported } = readOtlpCounts(stderr, signal);
  expect(created > 0 && exported === created, `the Collector took ${exported} of ${created}`);
  return 'taken by the Collector';
}

function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
