/** Name of this package's instrumentation scope. */
export const SCOPE_NAME = 'hono-opentelemetry';
/** Version of this package. A test keeps it equal to package.json. */
export const SCOPE_VERSION = '0.1.0';
/** Options with the version of the semantic conventions that this package imports. */
export const SCOPE_OPTIONS = { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' } as const;
