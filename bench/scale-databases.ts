import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr } from 'node:process';
import type { RuntimeName } from '../test/support/app-command.ts';
import { startPostgres } from '../test/support/database-servers.ts';
import { leaveCore } from './compare.ts';
import { type CountingCollector, startCountingCollector } from './counting-collector.ts';
import { getPage, sendRequests } from './load.ts';
import { SERVER_CORE } from './measure.ts';
import { sendAtRate } from './rate.ts';
import {
  ADD,
  addTasks,
  bundleApps,
  countLostSpans,
  type Load,
  startApp,
  TELEMETRY,
  type TelemetrySwitch,
} from './scale-app.ts';
import { median, quantile } from './statistics.ts';

const LOADS: readonly Load[] = [{ name: 'GET /', request: getPage, status: 200 }, ADD];

/** The cost of one kind of request on one database. */
export interface DatabaseRow {
  /** `GET /, SQLite`. */
  readonly name: string;
  readonly telemetry: TelemetrySwitch;
  /** Microseconds of processor time of the app per request. */
  readonly micros: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Measures the app on SQLite and on PostgreSQL in turn. PostgreSQL shares a core with the load. */
export async function compareDatabases(
  runtime: RuntimeName,
  rounds: number,
  requests: number,
  rate: number,
): Promise<DatabaseRow[]> {
  leaveCore();
  if (runtime === 'node') await bundleApps();
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const postgres = await startPostgres(['fsync=on']);
  const collector = await startCountingCollector();
  const variants = LOADS.flatMap((load) =>
    TELEMETRY.flatMap((telemetry) =>
      ['SQLite', 'PostgreSQL'].map((engine) => ({
        load,
        telemetry,
        engine,
        results: [] as Awaited<ReturnType<typeof measure>>[],
      })),
    ),
  );
  let databases = 0;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const { load, telemetry, engine, results } of variants) {
        databases += 1;
        const url =
          engine === 'SQLite' ? `file:${folder}/${databases}.db` : await postgres.newDatabase();
        const result = await measure(
          { runtime, telemetry, load, databaseUrl: url, requests, rate },
          collector,
        );
        results.push(result);
        stderr.write(
          `${runtime} ${round}/${rounds} ${load.name}, ${engine}, ${telemetry}: ${result.micros.toFixed(1)} us, p99 ${result.p99.toFixed(2)} ms, ${result.lost} spans lost\n`,
        );
      }
    }
  } finally {
    collector.close();
    await postgres.stop();
    rmSync(folder, { recursive: true });
  }
  return variants.map(({ load, telemetry, engine, results }) => ({
    name: `${load.name}, ${engine}`,
    telemetry,
    micros: median(results.map(({ micros }) => micros)),
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
  }));
}

interface Window {
  readonly runtime: RuntimeName;
  readonly telemetry: TelemetrySwitch;
  readonly load: Load;
  readonly databaseUrl: string;
  readonly requests: number;
  /** Requests per second. */
  readonly rate: number;
}

async function measure(
  { runtime, telemetry, load, databaseUrl, requests, rate }: Window,
  collector: CountingCollector,
) {
  const server = await startApp(runtime, telemetry, databaseUrl, collector, SERVER_CORE);
  try {
    await addTasks(server.port);
    collector.reset();
    await sendRequests(server.port, requests, load.request, () => load.status);
    await countLostSpans(collector, telemetry, requests);
    collector.reset();
    const before = server.cpuTime().total;
    const { latencies } = await sendAtRate(server.port, requests, rate, load);
    const lost = await countLostSpans(collector, telemetry, requests);
    return {
      micros: (server.cpuTime().total - before) / requests,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      lost,
    };
  } finally {
    await server.stop();
  }
}
