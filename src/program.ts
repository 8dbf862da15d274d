import {
  createRedactor,
  recordCrash,
  type TraceHttpOptions,
  traceHttp,
  traceSql,
} from 'hono-opentelemetry';
import { startTelemetry, type Telemetry } from 'opentelemetry-instrument';
import { exporterOptions, type ProgramSettings } from 'opentelemetry-instrument/settings';
import { loadExporter, type ViewerSink } from 'opentelemetry-instrument-exporters';
import type { Fetch, Runtime } from 'todo-runtimes';
import manifest from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { openDatabase } from './database/index.ts';
import { isUntracedPath } from './http/paths.ts';
import { createTaskTelemetry } from './http/task-telemetry.ts';
import { ownHosts } from './settings/hosts.ts';
import type { appVariables } from './settings.ts';

/** The settings of telemetry and of the app. */
export type TodoSettings = ProgramSettings<typeof appVariables>;

/** The app with its database and telemetry, without a server. */
export interface Program {
  readonly fetch: Fetch;
  readonly telemetry: Telemetry;
  /** The database, human-readable. */
  readonly database: string;
  /** Records an exception that ends the process. */
  recordCrash(error: unknown, kind: string): void;
  /** Redacts secrets in a message. */
  redact(message: string): string;
  /** Shuts down telemetry, which still reads the number of tasks, and then closes the database. */
  close(timeoutMillis: number): Promise<void>;
}

/** Attributes of the resource of the app's spans, metrics and logs. */
export const RESOURCE = { 'service.name': 'todo', 'service.version': manifest.version };

const BROWSER_RESOURCE = {
  'service.name': 'todo-web',
  'service.version': manifest.version,
  // Not `opentelemetry`, which would be OpenTelemetry's own SDK.
  'telemetry.sdk.name': 'hono-opentelemetry',
  'telemetry.sdk.version': manifest.version,
};

/**
 * Builds telemetry, database and app, in that order.
 * @param viewer the viewer in this process, if there is one
 * @throws DatabaseOpenError when the database cannot be opened
 */
export async function createProgram(
  read: TodoSettings,
  runtime: Pick<Runtime, 'limitsHeaderSize'>,
  notify: (message: string) => void,
  viewer?: ViewerSink,
): Promise<Program> {
  const { settings } = read;
  const exceptions = settings.OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN ?? 'span';
  const redactor = createRedactor(settings.OTEL_JS_SENSITIVE_NAMES);
  const telemetry = await startTelemetry({
    settings: read,
    resource: RESOURCE,
    browser: {
      resource: BROWSER_RESOURCE,
      scope: { name: 'todo.browser', version: manifest.version },
    },
    loadExporter: (name) =>
      loadExporter(name, exporterOptions(read, settings.ALLOWED_HOSTS, viewer)),
    notify,
  });
  const semconv = settings.OTEL_SEMCONV_STABILITY_OPT_IN.includes('database/dup')
    ? 'dup'
    : 'stable';
  const database = await openDatabase(
    settings.DATABASE_URL,
    (client) => traceSql(client, { semconv }),
    settings.MAX_TASKS,
  );
  const tasks = createTaskTelemetry(database.store, undefined, undefined, manifest.version);
  const app = createApp({
    store: database.store,
    trace: traceHttp({ ...tracingOptions(settings), exceptions }),
    // The exception log record already covers this; skip the app's duplicate.
    telemetry: exceptions === 'span' ? tasks : { ...tasks, requestFailed() {} },
    trustProxy: settings.TRUSTED_PROXIES,
    proxyHeaders: settings.PROXY_HEADER,
    isOwnHost: ownHosts(settings.HOST, settings.ALLOWED_HOSTS),
    changesPerSecond: settings.RATE_LIMIT,
    apiOrigins: settings.API_ALLOWED_ORIGINS,
    receiveSpans: telemetry.receiveSpans,
    sensitiveNames: settings.OTEL_JS_SENSITIVE_NAMES,
    browserTracesUrl: browserTracesUrl(settings),
    jaegerUrl: settings.JAEGER_UI_URL,
    viewerUrl: viewer?.url,
    demo: settings.DEMO ? database : undefined,
    limitHeaderSize: !runtime.limitsHeaderSize,
  });
  return {
    fetch: app.fetch,
    telemetry,
    database: database.description,
    recordCrash: (error, kind) => recordCrash(error, kind, exceptions, redactor),
    redact: (message) => redactor.text(message),
    async close(timeoutMillis) {
      await telemetry.shutdown(timeoutMillis);
      await database.close();
    },
  };
}

function tracingOptions(settings: TodoSettings['settings']): TraceHttpOptions {
  const excluded = settings.OTEL_JS_EXCLUDED_URLS;
  const knownMethods = settings.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS;
  return {
    exclude: ({ req }) =>
      isUntracedPath(req.path) || excluded.some((pattern) => pattern.test(req.url)),
    semconv: settings.OTEL_SEMCONV_STABILITY_OPT_IN.includes('http/dup') ? 'dup' : 'stable',
    traceResponse: true,
    sensitiveNames: settings.OTEL_JS_SENSITIVE_NAMES,
    ...(knownMethods && { knownMethods }),
    optIn: {
      captureRequestHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST,
      captureResponseHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE,
    },
  };
}

/** Returns the URL that pages send their spans to; undefined for the app itself. */
function browserTracesUrl({
  BROWSER_OTLP_ENDPOINT,
  OTEL_SDK_DISABLED,
}: TodoSettings['settings']): string | undefined {
  if (!BROWSER_OTLP_ENDPOINT || OTEL_SDK_DISABLED) return undefined;
  return `${BROWSER_OTLP_ENDPOINT}/v1/traces`;
}
