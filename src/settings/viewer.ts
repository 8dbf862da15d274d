import type { Parsed } from 'opentelemetry-instrument/settings';

const MAX_PORT = 65_535;

/** Parses `auto`, `none` or the port of the viewer's pages. */
export function parseViewer(text: string): Parsed<'auto' | 'none' | number> {
  const word = text.toLowerCase();
  if (word === 'auto' || word === 'none') return { value: word };
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return { value: port };
  const problem = 'is not a known value';
  return { error: { problem, fix: `use auto, none, or a port from 0 to ${MAX_PORT}` } };
}
