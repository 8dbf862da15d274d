import { createRedactor, recordCrash, traceSql } from 'hono-opentelemetry';
import { startTelemetry, type Telemetry } from 'opentelemetry-instrument';
import { type Environment, exporterOptions } from 'opentelemetry-instrument/settings';
import { loadExporter, type ViewerSink } from 'opentelemetry-instrument-exporters';
import { ownHosts } from 'opentelemetry-instrument-exporters/hosts';
import type { Fetch, Runtime } from 'todo-runtimes';
import { configureApp, databaseSemconv } from './configure-app.ts';
import { openDatabase } from './database/index.ts';
import { traceUrlOf } from './http/layout/index.ts';
import { BROWSER_ORIGIN, RESOURCE } from './resource.ts';
import type { TodoSettings } from './settings/index.ts';

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

/**
 * Builds telemetry, database and app, in that order.
 * @param viewer the viewer in this process, if there is one
 * @param environment for the variables of PostgreSQL
 * @throws DatabaseOpenError when the database cannot be opened
 */
export async function createProgram(
  read: TodoSettings,
  runtime: Pick<Runtime, 'limitsHeaderSize'>,
  notify: (message: string) => void,
  viewer?: ViewerSink,
  environment?: Environment,
): Promise<Program> {
  const { settings } = read;
  const exceptions = settings.OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN ?? 'span';
  const redactor = createRedactor(settings.OTEL_JS_SENSITIVE_NAMES);
  const { ALLOWED_HOSTS: allowedHosts, JAEGER_UI_URL: jaegerUrl } = settings;
  const traceUrl = jaegerUrl && traceUrlOf(jaegerUrl);
  const options = exporterOptions(read, { allowedHosts, viewer, traceUrl });
  const telemetry = await startTelemetry({
    settings: read,
    resource: RESOURCE,
    browser: BROWSER_ORIGIN,
    loadExporter: (name) => loadExporter(name, options),
    notify,
  });
  const semconv = databaseSemconv(settings);
  const database = await openDatabase(settings.DATABASE_URL, {
    maxTasks: settings.MAX_TASKS,
    wrapClient: (client) => traceSql(client, { semconv }),
    async wrapPool(pool) {
      const { tracePg } = await import('hono-opentelemetry/sql');
      return tracePg(pool, { semconv });
    },
    pool: {
      size: settings.DATABASE_POOL_SIZE,
      timeoutMs: settings.DATABASE_POOL_TIMEOUT,
      statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT,
    },
    variables: environment,
    notify,
  });
  const app = configureApp(settings, {
    database,
    receiveSpans: telemetry.receiveSpans,
    isOwnHost: ownHosts([settings.HOST, ...allowedHosts]),
    viewerUrl: viewer?.url,
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
