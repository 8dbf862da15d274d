/** The instrumentation scope of everything this folder records. */
export const SCOPE_NAME = 'hono-opentelemetry';
/** Held equal to package.json by a test. */
export const SCOPE_VERSION = '0.1.0';
/** Semantic conventions of everything that this folder records: those of the package that it imports. */
export const SCOPE_OPTIONS = { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' } as const;
