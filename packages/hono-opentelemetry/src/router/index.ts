export { type TracedRouterOptions, tracedRouter } from './traced-router.ts';
