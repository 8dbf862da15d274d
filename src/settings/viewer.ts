import type { Parsed } from 'opentelemetry-instrument/settings';

const MAX_PORT = 65_535;

/** Parses `auto`, `none` or the port of the viewer's pages. */
export function parseViewer(text: string): Parsed<'auto' | 'none' | number> {
  const word = text.toLowerCase();
  if (word === 'auto' || word === 'none') return { value: word };
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return { value: port };
  return { error: `write auto, none, or a port from 0 to ${MAX_PORT}` };
}

/** Returns whether only programs on this machine can reach an address to listen on. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
