import { Hono } from 'hono';
import { guardRequests } from './guards.ts';
import { VIEWER_SERVER } from './identify-server.ts';

export interface ViewerAppOptions {
  readonly pages: Hono;
  readonly jaegerApi: Hono;
  /** Host names that are accepted in addition to loopback names. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** Creates the app that serves the pages, and Jaeger's query API below `/api`. */
export function createViewerApp({ pages, jaegerApi, allowedHosts }: ViewerAppOptions): Hono {
  const app = new Hono();
  app.use(async function nameServer(c, next) {
    await next();
    c.header('Server', VIEWER_SERVER);
  });
  app.use(guardRequests({ allowedHosts }));
  // Both respond to unknown paths themselves, so they are not mounted by app.route().
  app.all('/api/*', (c) => jaegerApi.fetch(c.req.raw, c.env));
  app.all('*', (c) => pages.fetch(c.req.raw, c.env));
  return app;
}
