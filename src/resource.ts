import manifest from '../package.json' with { type: 'json' };

/** Attributes of the resource of the app's spans, metrics and logs. */
export const RESOURCE = { 'service.name': 'todo', 'service.version': manifest.version };

/** Origin of the spans that the app's pages send. */
export const BROWSER_ORIGIN = {
  resource: {
    'service.name': 'todo-web',
    'service.version': manifest.version,
    // Not `opentelemetry`, which would be OpenTelemetry's own SDK.
    'telemetry.sdk.name': 'hono-opentelemetry',
    'telemetry.sdk.version': manifest.version,
  },
  scope: { name: 'todo.browser', version: manifest.version },
};
