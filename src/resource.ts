import { VERSION } from './version.ts';

/** Attributes of the resource of the app's spans, metrics and logs. */
export const RESOURCE = { 'service.name': 'todo', 'service.version': VERSION };

/** Origin of the spans that the app's pages send. */
export const BROWSER_ORIGIN = {
  resource: {
    'service.name': 'todo-web',
    'service.version': VERSION,
    // Not `opentelemetry`, which would be OpenTelemetry's own SDK.
    'telemetry.sdk.name': 'hono-opentelemetry',
    'telemetry.sdk.version': VERSION,
  },
  scope: { name: 'todo.browser', version: VERSION },
};
