import { Hono } from 'hono';
import {
  SCRIPT,
  SCRIPT_TEXTS,
  SCRIPT_URL,
  STYLE,
  STYLE_URL,
  TELEMETRY,
  TELEMETRY_URL,
} from '../layout/index.ts';

/** A check mark in a rounded square, as SVG. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#0f6b5c"/>
<path d="M8.5 16.5l5 5 10-11" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`;

const CACHE_FOREVER = 'max-age=31536000, immutable';

/**
 * Serves the files that pages load. They are part of the program, so that a bundle is one file.
 * @param compress false on a platform that compresses responses itself
 */
export function staticFiles(compress = true): Hono {
  const app = new Hono();

  /** Adds a route. @param url contains the version; only this version may be cached forever */
  function serve(url: string, type: string, text: string): void {
    const [path = '', query] = url.split('?');
    let compressed: Promise<ArrayBuffer> | undefined;
    app.get(path, async (c) => {
      c.header('Content-Type', type);
      c.header('Cache-Control', c.req.url.endsWith(`?${query}`) ? CACHE_FOREVER : 'no-cache');
      c.header('Vary', 'Accept-Encoding', { append: true });
      if (!compress || !takesGzip(c.req.header('Accept-Encoding'))) return c.body(text);
      compressed ??= gzip(text);
      c.header('Content-Encoding', 'gzip');
      return c.body(await compressed);
    });
  }

  serve(STYLE_URL, 'text/css; charset=utf-8', STYLE);
  serve(SCRIPT_URL, 'text/javascript; charset=utf-8', SCRIPT);
  serve(TELEMETRY_URL, 'text/javascript; charset=utf-8', TELEMETRY);
  for (const { url, text } of SCRIPT_TEXTS) serve(url, 'text/javascript; charset=utf-8', text);

  // Pages link the first; browsers request the second by default when they show no page.
  for (const path of ['/favicon.svg', '/favicon.ico']) {
    app.get(path, (c) =>
      c.body(FAVICON, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'max-age=86400' }),
    );
  }

  return app;
}

function takesGzip(encodings = ''): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(encodings);
}

function gzip(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}
