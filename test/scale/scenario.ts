import { randomBytes } from 'node:crypto';
import type { RuntimeName } from '../support/app-command.ts';
import { isBalanced, readOtlpCounts } from '../support/delivery-counts.ts';
import { freePort } from '../support/free-port.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';
import { checkTraces, type TraceReport } from './check-traces.ts';
import { readUsage, type Usage } from './read-usage.ts';
import { startTelemetryTier, type TierOptions } from './telemetry-tier.ts';
import { type SentTrace, sendTraces } from './traffic.ts';

export interface ScenarioOptions extends TierOptions {
  /** The runtime of each app. */
  readonly runtimes: readonly RuntimeName[];
  readonly traces: number;
  readonly failEvery: number;
  readonly database: {
    readonly url: string;
    restart(): Promise<void>;
  };
  /** Parts that end in the middle, each at a share of the traces: `{ app: 0.25 }`. */
  readonly faults?: {
    readonly app?: number;
    readonly sampler?: number;
    readonly database?: number;
  };
  /** The signal that ends the sampler. @default SIGTERM */
  readonly samplerSignal?: 'SIGTERM' | 'SIGKILL';
}

export interface ScenarioResult {
  readonly traces: TraceReport;
  /** Spans in each place between the apps and Kafka. */
  readonly spans: {
    readonly created: number;
    readonly exported: number;
    readonly accepted: number;
    readonly sent: number;
  };
  /** SERVER spans that the gateway counted before sampling, and responses that the client got. */
  readonly counted: number;
  readonly responses: number;
  /** Tasks whose addition was acknowledged, and those of them that are not stored. */
  readonly acknowledged: number;
  readonly lost: readonly number[];
  /** Responses other than 200 and 201, by status, without those that fail on purpose. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly tracesPerSecond: number;
  /** Usage by process, of those that ran at the end. */
  readonly usage: Readonly<Record<string, Usage>>;
  /** The time without one of the samplers, as `performance.now()`. */
  readonly samplerAway: { readonly from: number; readonly to: number } | undefined;
}

/** Runs apps on one database, with the telemetry tier, and sends traces through them. */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  await using tier = await startTelemetryTier(options);
  const apps = await Promise.all(
    options.runtimes.map((runtime) => startApp(runtime, options.database.url, tier.url)),
  );
  const faults: Promise<void>[] = [];
  const at = (share: number | undefined, count: number, run: () => Promise<void>) => {
    if (share !== undefined && count === Math.ceil(share * options.traces)) faults.push(run());
  };
  let samplerAway: ScenarioResult['samplerAway'];
  const restartSampler = async () => {
    const from = performance.now();
    await tier.restartSampler(0, options.samplerSignal ?? 'SIGTERM');
    samplerAway = { from, to: performance.now() };
  };
  const startedAt = performance.now();
  const sent = await sendTraces({
    urls: () => apps.map(({ url }) => url),
    traces: options.traces,
    failEvery: options.failEvery,
    onTrace(count) {
      at(options.faults?.app, count, async () => apps[0]?.restart());
      at(options.faults?.sampler, count, restartSampler);
      at(options.faults?.database, count, () => options.database.restart());
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all(faults);

  const stored = await readTaskIds(apps[0]?.url ?? '');
  const usageOfApps = apps.map(({ pid }, i) => [options.runtimes[i], readUsage(pid)]);
  const outputs = (await Promise.all(apps.map((app) => app.stop()))).flat();
  const counts = outputs.map((stderr) => readOtlpCounts(stderr, 'Traces'));
  if (!counts.every(isBalanced)) throw new Error(`Spans are not accounted for: ${outputs}`);
  const { usage, ...atGateway } = await tier.settle();
  const acknowledged = sent.flatMap(({ taskId }) => taskId ?? []);
  return {
    traces: checkTraces(sent, tier.traces.spans),
    spans: {
      created: counts.reduce((sum, { created }) => sum + created, 0),
      exported: counts.reduce((sum, { exported }) => sum + exported, 0),
      ...atGateway,
    },
    counted: tier.countServerSpans(),
    responses: sent.flatMap(({ requests }) => requests).filter(({ status }) => status).length,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !stored.has(id)),
    statuses: countStatuses(sent),
    tracesPerSecond: Math.round(options.traces / seconds),
    usage: { ...Object.fromEntries(usageOfApps), ...usage },
    samplerAway,
  };
}

/** An app that can be restarted at its address. */
interface ScaledApp {
  /** Undefined while it is away. */
  readonly url: string | undefined;
  readonly pid: number;
  restart(): Promise<void>;
  /** @returns what each of its processes wrote */
  stop(): Promise<string[]>;
}

async function startApp(
  runtime: RuntimeName,
  databaseUrl: string,
  gatewayUrl: string,
): Promise<ScaledApp> {
  const port = await freePort();
  const outputs: string[] = [];
  const spawn = () =>
    spawnApp({
      runtime,
      args: ['--otlp', '--demo', '--port', `${port}`],
      env: {
        DATABASE_URL: databaseUrl,
        OTEL_EXPORTER_OTLP_ENDPOINT: gatewayUrl,
        OTEL_BSP_SCHEDULE_DELAY: '500',
        RATE_LIMIT: '0',
        MAX_TASKS: '0',
      },
    });
  let app: SpawnedApp | undefined = await spawn();
  const end = async () => {
    const { code, stderr } = (await app?.stop()) ?? {};
    if (code !== 0) throw new Error(`The app on ${runtime} ended with ${code}: ${stderr}`);
    outputs.push(stderr ?? '');
  };
  return {
    get url() {
      return app?.url;
    },
    get pid() {
      return app?.pid ?? Number.NaN;
    },
    async restart() {
      await end();
      app = undefined;
      app = await spawn();
    },
    async stop() {
      await end();
      return outputs;
    },
  };
}

/** Reads the IDs of all tasks, in traces that are not sampled. */
async function readTaskIds(url: string): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  const trace = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  let next: string | undefined = `${url}/api/tasks?limit=1000`;
  while (next !== undefined) {
    const response: Response = await fetch(next, { headers: { traceparent: trace } });
    for (const { id } of (await response.json()) as { id: number }[]) ids.add(id);
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return ids;
}

function countStatuses(sent: readonly SentTrace[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { route, status = 'none' } of sent.flatMap(({ requests }) => requests)) {
    if (status === 200 || status === 201 || route === 'POST /demo/error') continue;
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}
