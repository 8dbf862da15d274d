import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { escapeControls } from './html.ts';

export type ViewFormat = 'html' | 'text' | 'json';

const FORMATS: Readonly<Record<string, ViewFormat>> = {
  'text/html': 'html',
  'text/plain': 'text',
  'application/json': 'json',
};

/** Returns the format that the `Accept` header prefers; HTML for a client without a preference. */
export function negotiateView(c: Context): ViewFormat {
  const type = accepts(c, {
    header: 'Accept',
    supports: Object.keys(FORMATS),
    default: 'text/html',
  });
  return FORMATS[type] ?? 'html';
}

/** Responds in the format that the client prefers. */
export function respondInFormat(
  c: Context,
  formats: { html(): string; text(): string; json(): unknown },
): Response {
  c.header('Vary', 'Accept', { append: true });
  switch (negotiateView(c)) {
    case 'text':
      return c.text(escapeControls(formats.text()));
    case 'json':
      return c.body(JSON.stringify(formats.json(), bigints), 200, {
        'Content-Type': 'application/json',
      });
    default:
      return c.html(formats.html());
  }
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
