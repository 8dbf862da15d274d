import process from 'node:process';
import { errorWriter, loadExporter, printableLines } from '../exporters/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { DatabaseOpenError } from './database/database-open-error.ts';
import { openDatabase } from './database/open.ts';
import { createTaskTelemetry } from './http/task-telemetry.ts';
import { isUntracedPath } from './http/untraced-paths.ts';
import { ListenError, listen } from './listen.ts';
import { watchProcess } from './process-events.ts';
import type { Runtime } from './runtime.ts';
import { effectiveSettings } from './settings/effective-settings.ts';
import { helpText } from './settings/help-text.ts';
import { ownHosts } from './settings/hosts.ts';
import { parseFlags, UsageError } from './settings/parse-flags.ts';
import { describeProblem } from './settings/problem.ts';
import { publishSettings } from './settings/publish-settings.ts';
import { readEnvFile } from './settings/read-env-file.ts';
import { type ProgramSettings, readSettings } from './settings/read-settings.ts';
import type { Settings } from './settings.ts';
import { startTelemetry, type Telemetry } from './telemetry/index.ts';
import { tellRarely } from './telemetry/tell-rarely.ts';
import {
  createRedactor,
  recordCrash,
  type TraceHttpOptions,
  traceHttp,
  traceSql,
} from './tracing/index.ts';

/** Milliseconds that requests in flight get once the program is told to stop. */
const DRAIN = 3_000;
/** Milliseconds from the signal to the end, which must come within 5 s on a busy machine, too. */
const SHUTDOWN = 4_500;
/** The end of the program waits this long for the reader of its messages. */
const MESSAGES_TIMEOUT_MS = 300;

/**
 * Builds every part of the program, and takes them down when it is told to stop.
 * @param argv the arguments after the program's own name
 */
export async function main(runtime: Runtime, argv: readonly string[]): Promise<void> {
  // A reader that goes away must not take the program with it.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  try {
    const { command, variables, json } = parseFlags(argv);
    if (command === 'help') return void process.stdout.write(helpText(manifest.version));
    if (command === 'version') return void process.stdout.write(`${manifest.version}\n`);
    const sources = { flag: variables, variable: { ...process.env }, '.env': readEnvFile('.env') };
    const read = readSettings(sources);
    publishSettings(process.env, sources);
    if (command === 'start') await start(runtime, read);
    else await consult(runtime, read, json);
  } catch (error) {
    // At once: telemetry that has nothing to tell yet would look for its collector first.
    await exit(explain(error));
  }
}

/** Lets the doctor find out why telemetry does not arrive. */
async function consult(runtime: Runtime, read: ProgramSettings, json: boolean): Promise<void> {
  const { settings, exporters, otlp, problems } = read;
  const { diagnose } = await import('./doctor/index.ts');
  const { createResource } = await import('./telemetry/resource.ts');
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
    resource: createResource(manifest.version, runtime, settings),
    loadExporter: (name) => loadExporter(name, read),
    write: (text) => void process.stdout.write(text),
    colors: process.stdout.isTTY && process.stdout.hasColors(),
    json,
  });
  // What hangs keeps the program alive no longer.
  process.stdout.write('', () => process.exit(exitCode));
}

async function start(runtime: Runtime, read: ProgramSettings): Promise<void> {
  const { settings } = read;
  const exceptions = settings.OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN ?? 'span';
  tellProblems(read);
  const redactor = createRedactor(settings.OTEL_JS_SENSITIVE_NAMES);
  const telemetry = await openTelemetry(runtime, read);
  const oldNames = settings.OTEL_SEMCONV_STABILITY_OPT_IN.includes('database/dup');
  const database = await openDatabase(
    settings.DATABASE_URL,
    (client) => traceSql(client, { oldNames }),
    settings.MAX_TASKS,
  );
  const tasks = createTaskTelemetry(database.store, undefined, undefined, manifest.version);
  const app = createApp({
    store: database.store,
    trace: traceHttp({ ...tracingOptions(settings), exceptions }),
    // The record of an exception says all that the app's own would.
    telemetry: exceptions === 'span' ? tasks : { ...tasks, requestFailed() {} },
    trustProxy: settings.TRUSTED_PROXIES,
    proxyHeaders: settings.PROXY_HEADER,
    isOwnHost: ownHosts(settings.HOST, settings.ALLOWED_HOSTS),
    rateLimit: settings.RATE_LIMIT,
    apiOrigins: settings.API_ALLOWED_ORIGINS,
    receiveSpans: telemetry.receiveSpans,
    sensitiveNames: settings.OTEL_JS_SENSITIVE_NAMES,
    browserTracesUrl: browserTracesUrl(settings),
    jaegerUrl: settings.JAEGER_UI_URL,
    demo: settings.DEMO ? database : undefined,
    limitsHeaders: runtime.takesAnyHeaders,
  });
  const { PORT: port } = settings;
  // An IPv6 address as URLs have it is one, too.
  const hostname = settings.HOST.replace(/^\[(.*)\]$/, '$1');
  const onError = createAcceptReporter();
  const server = await listen(runtime, app.fetch, { port, hostname, onError }).catch(
    async (error) => {
      await database.close();
      throw error;
    },
  );

  const { traces, metrics, logs } = telemetry.destinations;
  tell(
    [
      `To-Do List ${manifest.version} on ${runtime.name} ${runtime.version}, process ${process.pid}, ${database.description}`,
      `Traces to ${traces}; metrics to ${metrics}; logs to ${logs}`,
      `Listening on ${server.url}`,
    ].join('\n'),
  );

  function report(): void {
    for (const sentence of telemetry.describe()) tell(sentence);
  }
  let exitCode = 0;
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    const deadline = performance.now() + SHUTDOWN;
    // The last resort; it also keeps Bun alive, which ends after an unhandled rejection otherwise.
    setTimeout(() => process.exit(exitCode), SHUTDOWN + 100);
    const hurry =
      'Still finishing requests and delivering telemetry; a second signal ends it at once.';
    setTimeout(() => tell(hurry), 1_000).unref();
    await server.close(DRAIN).catch((error) => tell(describeError(error)));
    // Before the database, which the last collection of metrics asks for the number of tasks.
    await telemetry.shutdown(deadline - performance.now());
    report();
    await database.close();
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
      recordCrash(error, kind, exceptions, redactor);
      tell(redactor.text(`${kind}: ${describeError(error)}`));
      void stop();
    },
    report,
  });
}

/** Prints everything that is wrong with the settings. @throws UsageError when it is pointless to go on */
function tellProblems({ problems }: ProgramSettings): void {
  for (const problem of problems) if (!problem.isFatal) tell(describeProblem(problem));
  const fatal = problems.filter(({ isFatal }) => isFatal);
  if (fatal.length > 0) throw new UsageError(fatal.map(describeProblem).join('\n'));
}

function openTelemetry(runtime: Runtime, read: ProgramSettings): Promise<Telemetry> {
  if (runtime.hasOwnTelemetry) {
    tell(
      `${runtime.name} exports its own telemetry (OTEL_DENO): ours is off, traceHttp() enriches its spans.`,
    );
  }
  return startTelemetry({
    settings: read.settings,
    exporters: read.exporters,
    isLeftToRuntime: runtime.hasOwnTelemetry,
    version: manifest.version,
    runtime,
    loadExporter: (name) => loadExporter(name, read),
    tell,
  });
}

/** Returns a function that reports connections that were not accepted, at most once a minute. */
function createAcceptReporter(): (error: unknown) => void {
  let lastError: unknown;
  const report = tellRarely((count) =>
    tell(
      `Connections cannot be accepted (${count} times, ${lastError}): raise the limit of open files (ulimit -n).`,
    ),
  );
  return (error) => {
    lastError = error;
    report();
  };
}

function tracingOptions(settings: Settings): TraceHttpOptions {
  const excluded = settings.OTEL_JS_EXCLUDED_URLS;
  const knownMethods = settings.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS;
  return {
    exclude: ({ req }) =>
      isUntracedPath(req.path) || excluded.some((pattern) => pattern.test(req.url)),
    oldNames: settings.OTEL_SEMCONV_STABILITY_OPT_IN.includes('http/dup'),
    exposeTrace: true,
    sensitiveNames: settings.OTEL_JS_SENSITIVE_NAMES,
    ...(knownMethods && { knownMethods }),
    optIn: {
      requestHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST,
      responseHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE,
    },
  };
}

/** Where pages send their spans, if not to the app. */
function browserTracesUrl({
  BROWSER_OTLP_ENDPOINT,
  OTEL_SDK_DISABLED,
}: Settings): string | undefined {
  if (!BROWSER_OTLP_ENDPOINT || OTEL_SDK_DISABLED) return undefined;
  return `${BROWSER_OTLP_ENDPOINT}/v1/traces`;
}

/** Prints why the program does not start. @returns its exit code */
function explain(error: unknown): number {
  const isExpected =
    error instanceof UsageError ||
    error instanceof DatabaseOpenError ||
    error instanceof ListenError;
  tell(isExpected ? error.message : describeError(error));
  return error instanceof UsageError ? 2 : 1;
}

/** The stack or the text of what was thrown, which may be anything. */
function describeError(error: unknown): string {
  try {
    return (error instanceof Error && error.stack) || String(error);
  } catch {
    return 'something that has no text';
  }
}

/** Writes a message to stderr. Never throws and never waits, whatever stderr is. */
function tell(sentence: string): void {
  errorWriter.write(`${printableLines(sentence)}\n`, () => {});
}

/** Waits until the messages are written; not forever, as stderr may be stuck. */
async function flushMessages(): Promise<void> {
  const timeout = new Promise((resolve) => setTimeout(resolve, MESSAGES_TIMEOUT_MS));
  await Promise.race([errorWriter.flush(), timeout]);
}

async function exit(code: number): Promise<void> {
  await flushMessages();
  process.exit(code);
}
