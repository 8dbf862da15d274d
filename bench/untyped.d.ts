// These belong to bench/package.json and may not be installed while the rest is checked.
declare module '@hono/otel';
declare module '@opentelemetry/instrumentation-http';
declare module '@opentelemetry/sdk-node';
declare module 'mitata';
