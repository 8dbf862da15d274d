import { Hono, type MiddlewareHandler } from 'hono';
import type { SensitiveNames } from 'hono-opentelemetry';
import type { Bindings } from 'todo-runtimes';
import { taskApi } from './http/api/task-api.ts';
import { type DemoOptions, demoPages } from './http/demo/demo-pages.ts';
import { answerFailure, answerNotFound } from './http/errors/respond-with-failure.ts';
import { health } from './http/health.ts';
import { recordChanges } from './http/instrumented-task-store.ts';
import { shareApi } from './http/middleware/api-cors.ts';
import { limitBody } from './http/middleware/body-limit.ts';
import { checkHost } from './http/middleware/check-host.ts';
import { refuseCrossSite } from './http/middleware/csrf.ts';
import { wrapThrownValues } from './http/middleware/ensure-error.ts';
import { limitHeaders } from './http/middleware/header-limit.ts';
import { forbidCaching } from './http/middleware/no-store.ts';
import { limitRate } from './http/middleware/rate-limit.ts';
import { resolveOrigin } from './http/middleware/request-origin.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import {
  BROWSER_SPANS_PATH,
  browserSpans,
  type ReceiveSpans,
} from './http/otlp-intake/otlp-intake.ts';
import { editPages } from './http/pages/edit-pages.ts';
import { equipPages } from './http/pages/page-context.ts';
import { staticFiles } from './http/pages/static-files.ts';
import { taskPages } from './http/pages/task-pages.ts';
import { createTaskTelemetry, type TaskTelemetry } from './http/task-telemetry.ts';
import type { TaskStore } from './tasks/task-store.ts';

export interface AppOptions {
  readonly store: TaskStore;
  /** `traceHttp()`; without it nothing is traced. */
  readonly trace?: MiddlewareHandler | undefined;
  /** Returns true for proxies whose forwarding headers count. Default: none. */
  readonly trustProxy?: ((address: string) => boolean) | undefined;
  /** The kind of headers that those proxies set. Default: `x-forwarded`. */
  readonly proxyHeaders?: 'x-forwarded' | 'forwarded' | undefined;
  /** Returns true for host names that the app answers under, in the form of `URL.hostname`. Default: any. */
  readonly isOwnHost?: ((hostname: string) => boolean) | undefined;
  /** Changes a second that one address may send, 0 for any number. Default 0. */
  readonly rateLimit?: number | undefined;
  /** Origins of other sites whose pages may use the API. Default: none. */
  readonly apiOrigins?: readonly string[] | undefined;
  /** Default: made with the global providers, which must have been registered before. */
  readonly telemetry?: TaskTelemetry | undefined;
  /** Takes spans that pages have sent to the app; without it the app takes none. */
  readonly receiveSpans?: ReceiveSpans | undefined;
  /** Query parameters whose values are removed from those spans, in addition to the known ones. */
  readonly sensitiveNames?: SensitiveNames | undefined;
  /** A Collector's URL that pages send their spans to. Default: they send them to `receiveSpans`. */
  readonly browserTracesUrl?: string | undefined;
  /** Where Jaeger shows traces, for links to them; default: there are none. */
  readonly jaegerUrl?: string | undefined;
  /** What a speaker needs; without it `/demo` does not exist. */
  readonly demo?: DemoOptions | undefined;
  /** True under a server that takes headers of any size; the app then refuses more than 16 kB. */
  readonly limitsHeaders?: boolean | undefined;
}

const MAX_BODY_SIZE = 64 * 1024;
const MAX_HEADER_SIZE = 16 * 1024;
const CHANGING_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** The whole app, without a server: `app.fetch` is what a runtime serves. */
export function createApp({
  store,
  trace,
  trustProxy,
  proxyHeaders,
  isOwnHost = () => true,
  rateLimit = 0,
  apiOrigins = [],
  telemetry = createTaskTelemetry(store),
  receiveSpans,
  sensitiveNames,
  browserTracesUrl,
  jaegerUrl,
  demo,
  limitsHeaders = false,
}: AppOptions): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();

  app.use(resolveOrigin({ trustProxy, proxyHeaders }, trace));
  const browserOrigins = browserTracesUrl ? [new URL(browserTracesUrl).origin] : [];
  app.use(securityHeaders(browserOrigins), forbidCaching, wrapThrownValues);
  const tracesEndpoint = browserTracesUrl ?? (receiveSpans && BROWSER_SPANS_PATH);
  app.use(equipPages({ tracesEndpoint, jaegerUrl, demoPath: demo && '/demo' }));
  app.use(checkHost(isOwnHost));
  if (limitsHeaders) app.use(limitHeaders(MAX_HEADER_SIZE));
  if (apiOrigins.length > 0) app.use(shareApi(apiOrigins));
  // Before the guards of changes: it has its own, counts what they refuse, and uses up no change.
  if (receiveSpans && !browserTracesUrl) {
    app.route('/', browserSpans({ receiveSpans, sensitiveNames }));
  }
  app.on(CHANGING_METHODS, '*', refuseCrossSite(apiOrigins));
  if (rateLimit > 0) app.on(CHANGING_METHODS, '*', limitRate(rateLimit));
  app.on(CHANGING_METHODS, '*', limitBody(MAX_BODY_SIZE));

  const tasks = recordChanges(store, telemetry);
  app.route('/', taskPages(tasks));
  app.route('/', editPages(tasks));
  app.route('/', taskApi(tasks));
  if (demo)
    app.route(
      '/',
      demoPages(store, demo, (path) => app.request(path)),
    );
  app.route('/', health(store));
  app.route('/', staticFiles());

  app.notFound(answerNotFound);
  app.onError(answerFailure(telemetry));
  return app;
}
