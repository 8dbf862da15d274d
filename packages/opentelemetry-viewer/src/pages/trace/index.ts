export { createTraceRoutes } from './trace-routes.ts';
export { traceUrl } from './trace-view.ts';
