import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../support/app-command.ts';
import {
  type Collector,
  type CollectorConfig,
  type CollectorProcess,
  runCollector,
  startCollector,
} from '../support/collector.ts';
import { freePort } from '../support/free-port.ts';
import { type Kafka, startKafka } from '../support/kafka.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { readUsage, type Usage } from './read-usage.ts';

/** Step 3 of docs/scale.md with the configurations in `deploy/kafka`, on this machine. */
export interface TelemetryTier extends AsyncDisposable {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT` of the apps. */
  readonly url: string;
  /** The traces that the samplers kept. */
  readonly traces: OtlpSink;
  /** The metrics of the apps and those of their spans. */
  readonly metrics: OtlpSink;
  /** Returns the number of SERVER spans that the gateway counted before sampling. */
  countServerSpans(): number;
  /** Ends a sampler and starts it again under its name, as an orchestrator does. */
  restartSampler(index: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /**
   * Waits until everything that the gateway accepted has been read. Then ends samplers and gateway, which decide on
   * all of it and send their last counts.
   * @returns the number of spans that the gateway accepted and that Kafka acknowledged, and the usage of each process
   */
  settle(): Promise<{
    readonly accepted: number;
    readonly sent: number;
    readonly usage: Readonly<Record<string, Usage>>;
  }>;
}

export interface TierOptions {
  /** Time that a trace waits for its spans. @default that of `deploy/kafka` */
  readonly decisionWaitMs?: number;
  /** Partitions Kafka's topic by trace ID. @default true */
  readonly isPartitioned?: boolean;
}

const SAMPLERS = ['sampler-1', 'sampler-2'];
const SETTLE_TIMEOUT_MS = 60_000;
const ACCEPTED = 'otelcol_receiver_accepted_spans';
const SENT = 'otelcol_exporter_sent_spans';

/** Starts Kafka, the gateway and the samplers, each on free ports. */
export async function startTelemetryTier(options: TierOptions): Promise<TelemetryTier> {
  await using started = new AsyncDisposableStack();
  const kafka = started.use(await startKafka());
  const traces = started.use(await startOtlpSink());
  const metrics = started.use(await startOtlpSink());
  const { gateway, metricsUrl } = await startGateway(kafka, metrics, options);
  started.use(gateway);
  const start = (name: string) => startSampler(name, kafka, traces, options);
  const samplers = await Promise.all(SAMPLERS.map(start));
  started.defer(async () => {
    await Promise.all(samplers.map((sampler) => sampler[Symbol.asyncDispose]()));
  });
  const parts = started.move();

  return {
    url: gateway.urls.http,
    traces,
    metrics,
    countServerSpans: () => countServerSpans(metrics),
    async restartSampler(index, signal) {
      await samplers[index]?.stop(signal);
      samplers[index] = await start(SAMPLERS[index] ?? '');
    },
    async settle() {
      const accepted = await readCount(metricsUrl, ACCEPTED);
      const sends = async () => (await readCount(metricsUrl, SENT)) >= accepted;
      await repeat(sends, 'The gateway sends');
      await repeat(async () => (await kafka.lag('samplers')) === 0, 'The samplers read');
      const sent = await readCount(metricsUrl, SENT);
      const usage = {
        gateway: readUsage(gateway.pid),
        ...Object.fromEntries(samplers.map(({ pid }, i) => [SAMPLERS[i], readUsage(pid)])),
        kafka: readUsage(kafka.pid),
      };
      await Promise.all([gateway, ...samplers].map((collector) => collector.stop()));
      return { accepted, sent, usage };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function startGateway(
  kafka: Kafka,
  metrics: OtlpSink,
  { isPartitioned = true }: TierOptions,
): Promise<{ gateway: Collector; metricsUrl: string }> {
  const port = await freePort();
  const gateway = await startCollector(
    [
      join(root, 'deploy/kafka/gateway.yaml'),
      await ownPorts(port),
      {
        connectors: { span_metrics: { metrics_flush_interval: '500ms' } },
        exporters: { kafka: { partition_traces_by_id: isPartitioned } },
      },
    ],
    undefined,
    { KAFKA_BROKERS: kafka.brokers, METRICS_URL: metrics.url },
  );
  return { gateway, metricsUrl: `http://127.0.0.1:${port}/metrics` };
}

async function startSampler(
  name: string,
  kafka: Kafka,
  traces: OtlpSink,
  { decisionWaitMs }: TierOptions,
): Promise<CollectorProcess> {
  const health = await freePort();
  return await runCollector(
    [
      join(root, 'deploy/kafka/sampler.yaml'),
      await ownPorts(await freePort(), health),
      ...(decisionWaitMs === undefined
        ? []
        : [{ processors: { tail_sampling: { decision_wait: `${decisionWaitMs}ms` } } }]),
    ],
    () =>
      fetch(`http://127.0.0.1:${health}`).then(
        ({ ok }) => ok,
        () => false,
      ),
    { KAFKA_BROKERS: kafka.brokers, SAMPLER_NAME: name, TRACES_URL: traces.url },
  );
}

/** Returns changes that move the addresses which are the same for each Collector in its container. */
async function ownPorts(metrics: number, health?: number): Promise<CollectorConfig> {
  const prometheus = { host: '127.0.0.1', port: metrics };
  return {
    extensions: { health_check: { endpoint: `127.0.0.1:${health ?? (await freePort())}` } },
    service: { telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus } } }] } } },
  };
}

/** Sums the last value of each series of `calls`. */
function countServerSpans(sink: OtlpSink): number {
  const last = new Map<string, number>();
  for (const { name, resource, points } of sink.metrics) {
    if (name !== 'traces.span.metrics.calls') continue;
    for (const { attributes, value = 0 } of points) {
      if (attributes['span.kind'] === 'SPAN_KIND_SERVER') {
        last.set(JSON.stringify([resource, attributes]), value);
      }
    }
  }
  return [...last.values()].reduce((sum, value) => sum + value, 0);
}

async function repeat(isDone: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error(`${what} nothing more, but not everything.`);
    await sleep(100);
  }
}

async function readCount(url: string, name: string): Promise<number> {
  const page = await (await fetch(url)).text();
  const series = page.matchAll(
    new RegExp(`^${name}(?:_total|__spans__total)?\\{.*\\} (\\S+)$`, 'gm'),
  );
  return [...series].reduce((sum, [, value]) => sum + Number(value), 0);
}
