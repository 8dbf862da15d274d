import { BROWSER_SPANS_PATH } from './otlp-intake/otlp-intake.ts';
import { SCRIPT_URL, STYLE_URL, TELEMETRY_URL } from './pages/assets.generated.ts';

const UNTRACED_PATHS: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  ...[STYLE_URL, SCRIPT_URL, TELEMETRY_URL].map((url) => url.replace(/\?.*/, '')),
  '/favicon.svg',
  '/favicon.ico',
  BROWSER_SPANS_PATH,
]);

/**
 * Whether requests for a path stay out of the telemetry: probes, what pages load beside them, and the
 * telemetry that they send.
 */
export function isUntracedPath(path: string): boolean {
  return UNTRACED_PATHS.has(path);
}
