// The packages of bench/package.json may not be installed when types are checked.
declare module '@hono/otel';
declare module '@opentelemetry/instrumentation-http';
declare module '@opentelemetry/sdk-node';
declare module 'mitata';
