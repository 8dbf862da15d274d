import { Hono } from 'hono';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';
import {
  SCRIPT,
  SCRIPT_URL,
  STYLE,
  STYLE_URL,
  TELEMETRY,
  TELEMETRY_URL,
} from './assets.generated.ts';
import { FAVICON } from './favicon.ts';

const FOR_EVER = 'max-age=31536000, immutable';

/** The files that pages refer to, kept in the program so that a bundle is one file. */
export function staticFiles(): Hono {
  const app = new Hono();

  /** @param url with the version of the text, which may be kept for ever; no other version may */
  function serve(url: string, type: string, text: string): void {
    const [path = '', query] = url.split('?');
    let compressed: Promise<ArrayBuffer> | undefined;
    app.get(path, async (c) => {
      c.header('Content-Type', type);
      c.header('Cache-Control', c.req.url.endsWith(`?${query}`) ? FOR_EVER : 'no-cache');
      c.header('Vary', 'Accept-Encoding', { append: true });
      if (!takesGzip(c.req.header('Accept-Encoding'))) return c.body(text);
      compressed ??= gzip(text);
      c.header('Content-Encoding', 'gzip');
      return c.body(await compressed);
    });
    app.all(path, answerMethodNotAllowed('GET, HEAD'));
  }

  serve(STYLE_URL, 'text/css; charset=utf-8', STYLE);
  serve(SCRIPT_URL, 'text/javascript; charset=utf-8', SCRIPT);
  serve(TELEMETRY_URL, 'text/javascript; charset=utf-8', TELEMETRY);

  // Pages name the first; browsers ask for the second by themselves where they show no page.
  for (const path of ['/favicon.svg', '/favicon.ico']) {
    app.get(path, (c) =>
      c.body(FAVICON, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'max-age=86400' }),
    );
    app.all(path, answerMethodNotAllowed('GET, HEAD'));
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
