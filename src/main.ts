import process from 'node:process';
import { exporters, loadExporter } from '../exporters/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { DatabaseOpenError } from './database/database-open-error.ts';
import { openDatabase } from './database/open.ts';
import { createTrustedProxies } from './http/trusted-proxies.ts';
import { isUntracedPath } from './http/untraced-paths.ts';
import { ListenError, listen } from './listen.ts';
import { watchProcess } from './process-events.ts';
import type { Runtime } from './runtime.ts';
import { helpText, parseFlags, readSettings, type Settings, UsageError } from './settings.ts';
import { startTelemetry, type Telemetry } from './telemetry/index.ts';
import { readTelemetrySettings } from './telemetry/settings.ts';
import { recordCrash, traceHttp, traceSql } from './tracing/index.ts';

/** Milliseconds that requests in flight get once the program is told to stop. */
const DRAIN = 3_000;
/** Milliseconds from the signal to the end, which must come within 5 s on a busy machine, too. */
const SHUTDOWN = 4_500;

/**
 * Builds every part of the program, and takes them down when it is told to stop.
 * @param argv the arguments after the program's own name
 */
export async function main(runtime: Runtime, argv: readonly string[]): Promise<void> {
  // A reader of stderr that goes away must not take the program with it.
  process.stderr.on('error', () => {});
  try {
    const flags = parseFlags(argv);
    if (flags === 'help') return void process.stdout.write(helpText(manifest.version));
    if (flags === 'version') return void process.stdout.write(`${manifest.version}\n`);
    Object.assign(process.env, flags);
    await start(runtime, readSettings(process.env));
  } catch (error) {
    process.exitCode = explain(error);
  }
}

async function start(runtime: Runtime, settings: Settings): Promise<void> {
  const trustProxy = trustedProxies(settings);
  const telemetry = await openTelemetry(runtime);
  const database = await openDatabase(settings.databaseUrl, traceSql);
  const app = createApp({
    store: database.store,
    trace: traceHttp({ exclude: (c) => isUntracedPath(c.req.path), trustProxy }),
    trustProxy,
    limitsHeaders: runtime.takesAnyHeaders,
  });
  const server = await listen(runtime, app.fetch, settings).catch(async (error) => {
    await database.close();
    throw error;
  });

  const { traces, metrics, logs } = telemetry.destinations;
  tell(
    [
      `To-Do List ${manifest.version} on ${runtime.name} ${runtime.version}, ${database.description}`,
      `Traces to ${traces}; metrics to ${metrics}; logs to ${logs}`,
      `Listening on ${server.url}`,
    ].join('\n'),
  );

  let exitCode = 0;
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    const deadline = performance.now() + SHUTDOWN;
    // The last resort; it also keeps Bun alive, which ends after an unhandled rejection otherwise.
    setTimeout(() => process.exit(exitCode), SHUTDOWN + 100);
    await server.close(DRAIN);
    // Before the database, which the last collection of metrics asks for the number of tasks.
    for (const loss of await telemetry.shutdown(deadline - performance.now())) tell(loss);
    await database.close();
    process.exit(exitCode);
  }

  watchProcess({
    stop,
    fail(error, kind) {
      exitCode = 1;
      recordCrash(error, kind);
      tell(error instanceof Error ? String(error.stack) : `${kind}: ${error}`);
      void stop();
    },
  });
}

async function openTelemetry(runtime: Runtime): Promise<Telemetry> {
  const settings = readTelemetrySettings(process.env, Object.keys(exporters));
  settings.warnings.forEach(tell);
  if (settings.errors.length > 0) throw new UsageError(settings.errors.join('\n'));
  if (runtime.hasOwnTelemetry) {
    tell(
      `${runtime.name} exports its own telemetry (OTEL_DENO): ours is off, traceHttp() enriches its spans.`,
    );
  }
  return startTelemetry({
    settings,
    isLeftToRuntime: runtime.hasOwnTelemetry,
    version: manifest.version,
    runtime,
    loadExporter,
    tell,
  });
}

function trustedProxies(settings: Settings): (address: string) => boolean {
  try {
    return createTrustedProxies(settings.trustedProxies);
  } catch (error) {
    throw new UsageError(`TRUSTED_PROXIES: ${(error as Error).message}`, { cause: error });
  }
}

/** Prints why the program does not start. @returns its exit code */
function explain(error: unknown): number {
  if (error instanceof UsageError) tell(error.message);
  else if (error instanceof DatabaseOpenError || error instanceof ListenError) tell(error.message);
  else tell((error instanceof Error && error.stack) || String(error));
  return error instanceof UsageError ? 2 : 1;
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
