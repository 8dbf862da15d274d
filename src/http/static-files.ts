import { Hono } from 'hono';
import { answerMethodNotAllowed } from './answer-failure.ts';
import { FAVICON } from './favicon.ts';
import { STYLE_SHEET } from './style-sheet.ts';

const CACHED = { 'Cache-Control': 'max-age=300' };

/** The files that pages refer to, kept in the program so that a bundle is one file. */
export function staticFiles(): Hono {
  const app = new Hono();

  app.get('/style.css', (c) =>
    c.body(STYLE_SHEET, 200, { 'Content-Type': 'text/css; charset=utf-8', ...CACHED }),
  );
  app.all('/style.css', answerMethodNotAllowed('GET, HEAD'));

  // Pages name the first; browsers ask for the second by themselves where they show no page.
  for (const path of ['/favicon.svg', '/favicon.ico']) {
    app.get(path, (c) => c.body(FAVICON, 200, { 'Content-Type': 'image/svg+xml', ...CACHED }));
    app.all(path, answerMethodNotAllowed('GET, HEAD'));
  }

  return app;
}
