import { SCRIPT_TEXTS, SCRIPT_URL, STYLE_URL, TELEMETRY_URL } from './layout/index.ts';

/** Path that the app's pages send their spans to, with `navigator.sendBeacon()`. */
export const OTLP_INTAKE_PATH = '/otlp/v1/traces';

const UNTRACED_PATHS: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  ...[STYLE_URL, SCRIPT_URL, TELEMETRY_URL, ...SCRIPT_TEXTS.map(({ url }) => url)].map((url) =>
    url.replace(/\?.*/, ''),
  ),
  '/favicon.svg',
  '/favicon.ico',
  OTLP_INTAKE_PATH,
]);

/** Returns whether requests for a path get no telemetry: probes, static files and telemetry itself. */
export function isUntracedPath(path: string): boolean {
  return UNTRACED_PATHS.has(path);
}

/** Returns whether a path belongs to the JSON API, which pages of other origins may use. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
