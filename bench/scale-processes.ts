import { stderr } from 'node:process';
import type { RuntimeName } from '../test/support/app-command.ts';
import { startPostgres } from '../test/support/database-servers.ts';
import { type CountingCollector, startCountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import {
  addTasks,
  bundleApps,
  countLostSpans,
  startApp,
  TELEMETRY,
  type TelemetrySwitch,
} from './scale-app.ts';
import { median } from './statistics.ts';

const COUNTS = [1, 2, 4];

/** Several processes of the app under as much load as they can take. */
export interface ProcessRow {
  /** Number of processes. */
  readonly count: number;
  readonly telemetry: TelemetrySwitch;
  /** Requests per second of all processes. */
  readonly perSecond: number;
  /** Microseconds of processor time per request, of all processes. */
  readonly micros: number;
  /** Spans that did not arrive. */
  readonly lost: number;
}

/** Measures 1, 2 and 4 processes that read from one PostgreSQL. All of them share the cores of the machine. */
export async function measureProcesses(
  runtime: RuntimeName,
  rounds: number,
  requests: number,
): Promise<ProcessRow[]> {
  if (runtime === 'node') await bundleApps();
  const postgres = await startPostgres(['fsync=on']);
  const collector = await startCountingCollector();
  const variants = TELEMETRY.flatMap((telemetry) =>
    COUNTS.map((count) => ({ telemetry, count, results: [] as ProcessRow[] })),
  );
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const { telemetry, count, results } of variants) {
        const url = await postgres.newDatabase();
        const result = await measure(runtime, telemetry, count, url, collector, requests);
        results.push(result);
        stderr.write(
          `${runtime} ${round}/${rounds} ${count} processes, ${telemetry}: ${result.perSecond.toFixed(0)}/s, ${result.micros.toFixed(1)} us, ${result.lost} spans lost\n`,
        );
      }
    }
  } finally {
    collector.close();
    await postgres.stop();
  }
  return variants.map(({ telemetry, count, results }) => ({
    count,
    telemetry,
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    micros: median(results.map(({ micros }) => micros)),
    lost: results.reduce((sum, { lost }) => sum + lost, 0),
  }));
}

/** @param requests number of requests to each process */
async function measure(
  runtime: RuntimeName,
  telemetry: TelemetrySwitch,
  count: number,
  databaseUrl: string,
  collector: CountingCollector,
  requests: number,
): Promise<ProcessRow> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => startApp(runtime, telemetry, databaseUrl, collector)),
  );
  const cpuMicros = () => servers.reduce((sum, server) => sum + server.cpuTime().total, 0);
  const sendAll = () => Promise.all(servers.map(({ port }) => sendRequests(port, requests)));
  const total = requests * count;
  try {
    await addTasks(servers[0]?.port ?? 0);
    collector.reset();
    await sendAll();
    await countLostSpans(collector, telemetry, total);
    collector.reset();
    const before = cpuMicros();
    const startedAt = performance.now();
    await sendAll();
    const seconds = (performance.now() - startedAt) / 1_000;
    const lost = await countLostSpans(collector, telemetry, total);
    return {
      count,
      telemetry,
      perSecond: total / seconds,
      micros: (cpuMicros() - before) / total,
      lost,
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
