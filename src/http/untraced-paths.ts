const UNTRACED_PATHS: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  '/style.css',
  '/app.js',
  '/favicon.svg',
  '/favicon.ico',
]);

/** Whether requests for a path stay out of the telemetry: probes, and what pages load beside them. */
export function isUntracedPath(path: string): boolean {
  return UNTRACED_PATHS.has(path);
}
