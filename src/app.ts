import { Hono, type MiddlewareHandler } from 'hono';
import type { SensitiveNames } from 'hono-opentelemetry';
import type { Bindings } from 'todo-runtimes';
import { taskApi } from './http/api/index.ts';
import { type DemoOptions, demoPages } from './http/demo/index.ts';
import {
  ensureError,
  methodNotAllowed,
  respondNotFound,
  respondWithFailure,
} from './http/errors/index.ts';
import { health } from './http/health.ts';
import { pageContext } from './http/layout/index.ts';
import {
  apiCors,
  bodyLimit,
  checkHost,
  createRateLimiter,
  csrf,
  headerLimit,
  noStore,
  type RateLimiter,
  rateLimit,
  requestOrigin,
  securityHeaders,
} from './http/middleware/index.ts';
import { otlpIntake, type ReceiveBrowserSpans } from './http/otlp-intake/index.ts';
import { editPages, movePages, staticFiles, taskPages } from './http/pages/index.ts';
import { OTLP_INTAKE_PATH } from './http/paths.ts';
import {
  createTaskTelemetry,
  instrumentTaskStore,
  type TaskTelemetry,
} from './http/task-telemetry.ts';
import type { TaskStore } from './tasks/index.ts';

export interface AppOptions {
  readonly store: TaskStore;
  /** `traceHttp()`; without it requests are not traced. */
  readonly trace?: MiddlewareHandler | undefined;
  /** Returns true for proxies whose forwarding headers are used. @default none */
  readonly trustProxy?: ((address: string) => boolean) | undefined;
  /** The kind of headers that those proxies set. @default 'x-forwarded' */
  readonly proxyHeaders?: 'x-forwarded' | 'forwarded' | undefined;
  /** Returns true for host names of the app, in the form of `URL.hostname`. @default any */
  readonly isOwnHost?: ((hostname: string) => boolean) | undefined;
  /** Changes per second per address; 0 = unlimited. @default 0 */
  readonly changesPerSecond?: number | undefined;
  /** Limits changes instead, for platforms that have a limiter. @default none */
  readonly changeLimiter?: RateLimiter | undefined;
  /** Origins of other sites whose pages may use the API. @default none */
  readonly apiOrigins?: readonly string[] | undefined;
  /** @default created with the global providers, so register them before */
  readonly telemetry?: TaskTelemetry | undefined;
  /** Receives the spans that pages send to the app; without it the app accepts none. */
  readonly receiveSpans?: ReceiveBrowserSpans | undefined;
  /** Query parameters to redact in those spans, in addition to the known ones. */
  readonly sensitiveNames?: SensitiveNames | undefined;
  /** URL of a collector that pages send their spans to. @default the app itself, if it has `receiveSpans` */
  readonly browserTracesUrl?: string | undefined;
  /** URL of Jaeger's pages, for links to traces. @default no links */
  readonly jaegerUrl?: string | undefined;
  /** URL of the viewer's pages, for links to traces if there is no `jaegerUrl`. @default no links */
  readonly viewerUrl?: string | undefined;
  /** Enables the `/demo` page. */
  readonly demo?: DemoOptions | undefined;
  /** Compresses the files that pages load. @default true */
  readonly compressFiles?: boolean | undefined;
  /** Makes the app refuse headers above 16 kB, for servers that do not limit them. @default false */
  readonly limitHeaderSize?: boolean | undefined;
}

const MAX_BODY_SIZE = 64 * 1024;
const MAX_HEADER_SIZE = 16 * 1024;
const CHANGING_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Creates the app without a server; a runtime serves its `fetch`. */
export function createApp({
  store,
  trace,
  trustProxy,
  proxyHeaders,
  isOwnHost = () => true,
  changesPerSecond = 0,
  changeLimiter = changesPerSecond > 0 ? createRateLimiter(changesPerSecond) : undefined,
  apiOrigins = [],
  telemetry = createTaskTelemetry(store),
  receiveSpans,
  sensitiveNames,
  browserTracesUrl,
  jaegerUrl,
  viewerUrl,
  demo,
  compressFiles,
  limitHeaderSize = false,
}: AppOptions): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();

  app.use(requestOrigin({ trustProxy, proxyHeaders }, trace));
  const browserOrigins = browserTracesUrl ? [new URL(browserTracesUrl).origin] : [];
  app.use(securityHeaders(browserOrigins), noStore, ensureError);
  const tracesEndpoint = browserTracesUrl ?? (receiveSpans && OTLP_INTAKE_PATH);
  app.use(pageContext({ tracesEndpoint, jaegerUrl, viewerUrl, demoPath: demo && '/demo' }));
  app.use(checkHost(isOwnHost));
  if (limitHeaderSize) app.use(headerLimit(MAX_HEADER_SIZE));
  if (apiOrigins.length > 0) app.use(apiCors(apiOrigins));
  // Mounted before the guards of changes: the intake has its own, and counts what they refuse.
  if (receiveSpans && !browserTracesUrl) {
    app.route('/', otlpIntake({ receiveSpans, sensitiveNames }));
  }
  app.on(CHANGING_METHODS, '*', csrf(apiOrigins));
  if (changeLimiter) app.on(CHANGING_METHODS, '*', rateLimit(changeLimiter));
  app.on(CHANGING_METHODS, '*', bodyLimit(MAX_BODY_SIZE));

  const tasks = instrumentTaskStore(store, telemetry);
  app.route('/', taskPages(tasks));
  app.route('/', editPages(tasks));
  app.route('/', movePages(tasks));
  app.route('/', taskApi(tasks));
  const onError = respondWithFailure(telemetry);
  if (demo) {
    const request = (path: string) => app.request(path);
    app.route('/', demoPages(store, demo, request, onError));
  }
  app.route('/', health(store));
  app.route('/', staticFiles(compressFiles));

  methodNotAllowed(app);
  app.notFound(respondNotFound);
  app.onError(onError);
  return app;
}
