import process from 'node:process';
import { detectRuntime, throttle } from 'opentelemetry-instrument';
import {
  applyConfigFile,
  applyToEnv,
  describeProblem,
  effectiveSettings,
  exporterOptions,
  parseFlags,
  readEnvFile,
  readSettings,
  telemetryVariables,
  UsageError,
} from 'opentelemetry-instrument/settings';
import { loadExporter } from 'opentelemetry-instrument-exporters';
import type { Runtime, Server } from 'todo-runtimes';
import manifest from '../package.json' with { type: 'json' };
import { DatabaseOpenError, DatabaseUrlError } from './database/index.ts';
import { doctorHelpText, helpText } from './help-text.ts';
import { ListenError, listen } from './listen.ts';
import { exit, flushMessages, notify } from './messages.ts';
import { explainKeptFlags } from './npm-arguments.ts';
import { watchProcess } from './process-events.ts';
import { createProgram, type Program } from './program.ts';
import { RESOURCE } from './resource.ts';
import { appVariables, type TodoSettings } from './settings/index.ts';
import { exportersWithViewer, openViewer } from './viewer.ts';

const RUNTIME_NAMES = {
  nodejs: 'Node.js',
  bun: 'Bun',
  deno: 'Deno',
  workerd: 'Cloudflare Workers',
} as const;

/** Time for requests in flight to finish at shutdown. */
const DRAIN_TIMEOUT_MS = 3_000;
/** Time from the signal to the exit, which must come within 5 s even on a busy machine. */
const SHUTDOWN_TIMEOUT_MS = 4_500;

/**
 * Runs the program until it has to stop.
 * @param argv the arguments after the program's own name
 */
export async function run(runtime: Runtime, argv: readonly string[]): Promise<void> {
  // A closed pipe must not end the program.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  try {
    const known = { ...telemetryVariables, ...appVariables };
    const keptFlags = explainKeptFlags(argv, process.env, known);
    if (keptFlags) throw new UsageError(keptFlags);
    const { command, help, variables, json } = parseFlags(argv, known);
    if (help) {
      const text = command === 'doctor' ? doctorHelpText() : helpText(manifest.version);
      return void process.stdout.write(text);
    }
    if (command === 'version') return void process.stdout.write(`${manifest.version}\n`);
    const sources = {
      flag: variables,
      variable: { ...process.env },
      '.env': readEnvFile('.env', notify),
    };
    const read = readSettings(await applyConfigFile(sources), appVariables);
    applyToEnv(process.env, sources);
    if (command === 'start') await start(runtime, read);
    else await runDoctor(read, json);
  } catch (error) {
    // Exit immediately: a normal exit would first try to reach the collector.
    await exit(exitCodeFor(error));
  }
}

/** Reports why telemetry does not arrive. */
async function runDoctor(read: TodoSettings, json: boolean): Promise<void> {
  const { settings, exporters, otlp, problems } = read;
  const { createResource, diagnose } = await import('opentelemetry-instrument/doctor');
  const runtime = detectRuntime();
  const exitCode = await diagnose({
    version: manifest.version,
    apiVersion: manifest.dependencies['@opentelemetry/api'],
    runtime,
    settings: effectiveSettings(read),
    problems: problems.map(describeProblem),
    refusals: problems.filter(({ isFatal }) => isFatal),
    signals: exporters,
    otlp,
    jaegerUrl: settings.JAEGER_UI_URL,
    resource: createResource({ resource: RESOURCE, runtime }, settings),
    loadExporter: (name, otlp) => loadExporter(name, exporterOptions({ ...read, otlp })),
    write: (text) => void process.stdout.write(text),
    colors: process.stdout.isTTY && process.stdout.hasColors(),
    json,
  });
  // Do not wait for hanging sockets.
  process.stdout.write('', () => process.exit(exitCode));
}

async function start(runtime: Runtime, read: TodoSettings): Promise<void> {
  const { settings } = read;
  reportProblems(read);
  const runtimeHasTelemetry = detectRuntime().hasOwnTelemetry;
  if (runtimeHasTelemetry) {
    notify(
      `${RUNTIME_NAMES[runtime.name]} exports its own telemetry (OTEL_DENO): ours is off, traceHttp() enriches its spans.`,
    );
  }
  const exporters = runtimeHasTelemetry ? read.exporters : exportersWithViewer(read);
  const viewer = await openViewer(read, exporters, notify);
  const program = await createProgram({ ...read, exporters }, runtime, notify, viewer, process.env);
  const { PORT: port } = settings;
  // Accept an IPv6 address in the brackets that URLs have.
  const hostname = settings.HOST.replace(/^\[(.*)\]$/, '$1');
  const server = await listen(runtime, program.fetch, {
    port,
    hostname,
    onError: createAcceptReporter(),
  }).catch(async (error) => {
    await program.close(0);
    throw error;
  });

  viewer?.setProgramUrl(server.url);
  const { traces, metrics, logs } = program.telemetry.destinations;
  notify(
    [
      `To-Do List ${manifest.version} on ${RUNTIME_NAMES[runtime.name]} ${runtime.version}, process ${process.pid}, ${program.database}`,
      `${destination('Traces', traces)}; ${destination('metrics', metrics)}; ${destination('logs', logs)}`,
      `Listening on ${server.url}`,
      ...(viewer ? [`Viewer on ${viewer.url}`] : []),
    ].join('\n'),
  );

  stopWithProcess(program, server, viewer);
}

/** Stops the program at a signal or a crash, with a report of what telemetry has delivered. */
function stopWithProcess(
  program: Program,
  server: Server,
  viewer?: { close(): Promise<void> },
): void {
  function report(): void {
    for (const sentence of program.telemetry.describe()) notify(sentence);
  }
  let exitCode = 0;
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    const deadline = performance.now() + SHUTDOWN_TIMEOUT_MS;
    // Hard exit if shutdown hangs. The timer also keeps Bun running: it exits after an unhandled
    // rejection.
    setTimeout(() => process.exit(exitCode), SHUTDOWN_TIMEOUT_MS + 100);
    const hurry =
      'Still finishing requests and delivering telemetry; a second signal ends it at once.';
    setTimeout(() => notify(hurry), 1_000).unref();
    await server.close(DRAIN_TIMEOUT_MS).catch((error) => notify(describeError(error)));
    await program.close(deadline - performance.now());
    await viewer?.close();
    report();
    await exit(exitCode);
  }

  watchProcess({
    stop,
    abandon() {
      report();
      return flushMessages();
    },
    fail(error, kind) {
      exitCode = 1;
      program.recordCrash(error, kind);
      notify(program.redact(`${kind}: ${describeError(error)}`));
      void stop();
    },
    report,
  });
}

/** Prints all problems of the settings. @throws UsageError when the program cannot start with them */
function reportProblems({ problems }: TodoSettings): void {
  for (const problem of problems) if (!problem.isFatal) notify(describeProblem(problem));
  const fatal = problems.filter(({ isFatal }) => isFatal);
  if (fatal.length > 0) throw new UsageError(fatal.map(describeProblem).join('\n'));
}

/** Returns a function that reports connections that were not accepted, at most once a minute. */
function createAcceptReporter(): (error: unknown) => void {
  let lastError: unknown;
  const report = throttle((count) =>
    notify(
      `Connections cannot be accepted (${count} times, ${lastError}): raise the limit of open files (ulimit -n).`,
    ),
  );
  return (error) => {
    lastError = error;
    report();
  };
}

/** Prints why the program does not start. @returns 2 for a mistake of the user, 1 for the machine's */
function exitCodeFor(error: unknown): number {
  const isExpected =
    error instanceof UsageError ||
    error instanceof DatabaseOpenError ||
    error instanceof ListenError;
  notify(isExpected ? error.message : describeError(error));
  return error instanceof UsageError || error instanceof DatabaseUrlError ? 2 : 1;
}

/** Returns the stack or the string of a thrown value. */
function describeError(error: unknown): string {
  try {
    return (error instanceof Error && error.stack) || String(error);
  } catch {
    return 'something that has no text';
  }
}

/** Returns `Traces to stderr` or `Traces off`. */
function destination(signal: string, place: string): string {
  return place.startsWith('off') ? `${signal} ${place}` : `${signal} to ${place}`;
}
