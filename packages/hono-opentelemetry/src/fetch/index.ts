export { instrumentGlobalFetch } from './global-fetch.ts';
export type { FetchFunction, TraceFetchOptions } from './options.ts';
export { traceFetch } from './trace-fetch.ts';
