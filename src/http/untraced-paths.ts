import { SCRIPT_URL, STYLE_URL } from './browser-files.ts';

const UNTRACED_PATHS: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  ...[STYLE_URL, SCRIPT_URL].map((url) => url.replace(/\?.*/, '')),
  '/favicon.svg',
  '/favicon.ico',
]);

/** Whether requests for a path stay out of the telemetry: probes, and what pages load beside them. */
export function isUntracedPath(path: string): boolean {
  return UNTRACED_PATHS.has(path);
}
