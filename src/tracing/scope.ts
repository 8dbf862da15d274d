/** The instrumentation scope of everything this folder records. */
export const SCOPE_NAME = 'hono-opentelemetry';
/** Held equal to package.json by a test. */
export const SCOPE_VERSION = '0.1.0';
