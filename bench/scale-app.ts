import type { RuntimeName } from '../test/support/app-command.ts';
import { bundle } from './bundle.ts';
import type { CountingCollector } from './counting-collector.ts';
import { postForm, type RequestText, sendRequests } from './load.ts';
import { type BenchServer, startServer } from './server.ts';

export const TASKS = 20;
const SPANS_PER_REQUEST = 2;
const SCHEDULE_DELAY_MS = 500;

/** Telemetry of the measured app: over OTLP, or none. */
export const TELEMETRY = ['on', 'off'] as const;
export type TelemetrySwitch = (typeof TELEMETRY)[number];

/** A request of the load, and the status of its response. */
export interface Load {
  readonly name: string;
  readonly request: RequestText;
  readonly status: number;
}

/** Adds a task, and is redirected to the list. */
export const ADD: Load = {
  name: 'POST /add',
  request: (n) => postForm('/add', `task=task+${n}`),
  status: 303,
};

/** Makes the bundles that Node runs. */
export async function bundleApps(): Promise<void> {
  await bundle('source');
  await bundle('bench/plain.ts');
}

/** Starts the app with unlimited tasks, as the variants of the benchmark have it. */
export async function startApp(
  runtime: RuntimeName,
  telemetry: TelemetrySwitch,
  databaseUrl: string,
  collector: CountingCollector,
  core?: number,
): Promise<BenchServer> {
  const entries = { on: ['source', 'bundle'], off: ['bench/plain.ts', 'dist/bench/plain.js'] };
  const [source = '', bundled = ''] = entries[telemetry];
  return await startServer(
    {
      runtime,
      entry: runtime === 'node' ? bundled : source,
      env: {
        DATABASE_URL: databaseUrl,
        MAX_TASKS: '0',
        // A busy machine makes latencies longer and refuses nothing.
        DATABASE_POOL_TIMEOUT: '0',
        DATABASE_STATEMENT_TIMEOUT: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: String(SCHEDULE_DELAY_MS),
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
      },
    },
    core,
  );
}

/** Adds the tasks of the list that is read. */
export async function addTasks(port: number): Promise<void> {
  await sendRequests(port, TASKS, ADD.request, () => ADD.status);
}

/** Waits for the spans of all requests. @returns the number that did not arrive */
export async function countLostSpans(
  collector: CountingCollector,
  telemetry: TelemetrySwitch,
  requests: number,
): Promise<number> {
  if (telemetry === 'off') return 0;
  const expected = requests * SPANS_PER_REQUEST;
  await collector.hasSpans(expected, 4 * SCHEDULE_DELAY_MS);
  return expected - collector.spans;
}
