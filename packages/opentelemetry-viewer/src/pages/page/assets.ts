import { Hono } from 'hono';
import {
  VIEWER_SCRIPT,
  VIEWER_SCRIPT_URL,
  VIEWER_STYLE,
  VIEWER_STYLE_URL,
} from './assets.generated.ts';
import { VIEWER_ICON } from './layout.ts';

const FOREVER = 'max-age=31536000, immutable';

/** Serves style, script and icon, whose addresses carry a hash of their content. */
export function serveAssets(): Hono {
  const app = new Hono();
  const serve = (url: string, type: string, text: string) =>
    app.get(url.split('?')[0] ?? url, (c) =>
      c.body(text, 200, {
        'Content-Type': type,
        'Cache-Control': c.req.url.endsWith(url) ? FOREVER : 'no-cache',
      }),
    );
  serve(VIEWER_STYLE_URL, 'text/css; charset=utf-8', VIEWER_STYLE);
  serve(VIEWER_SCRIPT_URL, 'text/javascript; charset=utf-8', VIEWER_SCRIPT);
  for (const path of ['/favicon.svg', '/favicon.ico']) serve(path, 'image/svg+xml', VIEWER_ICON);
  return app;
}
