import type { Context, MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';
import { secureHeaders } from 'hono/secure-headers';
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

/** Responds in the format that the client prefers, with the status that was set. */
export function respondInFormat(
  c: Context,
  formats: { html(): string; text(): string; json(): unknown },
): Response {
  c.header('Vary', 'Accept', { append: true });
  switch (negotiateView(c)) {
    case 'text':
      return c.text(escapeControls(formats.text()));
    case 'json':
      c.header('Content-Type', 'application/json');
      return c.body(JSON.stringify(formats.json(), bigints));
    default:
      return c.html(formats.html());
  }
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Sets a Content-Security-Policy without inline script or style. */
export function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    strictTransportSecurity: false,
    removePoweredBy: false,
  });
}
