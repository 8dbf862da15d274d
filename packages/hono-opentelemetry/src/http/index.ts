export type { Authority } from './authority.ts';
export { type Forwarded, type ProxyHeaders, readForwarded } from './forwarded.ts';
export type { OptIn, TraceHttpOptions } from './options.ts';
export { type ProxyTrust, type ResolvedRequest, resolveRequest } from './resolve-request.ts';
export type { Peer } from './server-env.ts';
export { traceHttp } from './trace-http.ts';
