import type { Hono } from 'hono';
import { type TraceHttpOptions, traceHttp } from 'hono-opentelemetry';
import type { Bindings } from 'todo-runtimes';
import { type AppOptions, createApp } from './app.ts';
import type { Database } from './database/index.ts';
import { isUntracedPath } from './http/paths.ts';
import { createTaskTelemetry } from './http/task-telemetry.ts';
import type { TodoSettings } from './settings/index.ts';
import { VERSION } from './version.ts';

/** Parts of the app that its settings do not determine. Each platform has its own. */
export interface AppParts
  extends Pick<
    AppOptions,
    | 'isOwnHost'
    | 'receiveSpans'
    | 'viewerUrl'
    | 'compressFiles'
    | 'limitHeaderSize'
    | 'changeLimiter'
  > {
  readonly database: Pick<Database, 'store' | 'withWriteLock'>;
}

/** Creates the app as the settings ask for it. Telemetry must be registered before. */
export function configureApp(
  settings: TodoSettings['settings'],
  { database, ...parts }: AppParts,
): Hono<{ Bindings: Bindings }> {
  const exceptions = settings.OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN ?? 'span';
  const tasks = createTaskTelemetry(database.store, { version: VERSION });
  return createApp({
    ...parts,
    store: database.store,
    trace: traceHttp({ ...tracingOptions(settings), exceptions }),
    // The exception log record already covers this; skip the app's duplicate.
    telemetry: exceptions === 'span' ? tasks : { ...tasks, requestFailed() {} },
    trustProxy: settings.TRUSTED_PROXIES,
    proxyHeaders: settings.PROXY_HEADER,
    changesPerSecond: settings.RATE_LIMIT,
    apiOrigins: settings.API_ALLOWED_ORIGINS,
    sensitiveNames: settings.OTEL_JS_SENSITIVE_NAMES,
    browserTracesUrl: browserTracesUrl(settings),
    jaegerUrl: settings.JAEGER_UI_URL,
    demo: settings.DEMO ? database : undefined,
  });
}

/** Returns the attributes that statements get. */
export function databaseSemconv({
  OTEL_SEMCONV_STABILITY_OPT_IN: optIn,
}: TodoSettings['settings']): 'dup' | 'stable' {
  return optIn.includes('database/dup') ? 'dup' : 'stable';
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
    captureRequestHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST,
    captureResponseHeaders: settings.OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE,
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
