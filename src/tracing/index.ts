export { type ExceptionSignal, recordCrash } from './exception.ts';
export { type Forwarded, type ProxyHeaders, readForwarded } from './forwarded.ts';
export { createRedactor, type Redactor } from './redact.ts';
export { type RequestSoFar, requestSoFar } from './request-so-far.ts';
export { type ProxyTrust, type ResolvedRequest, resolveRequest } from './resolve-request.ts';
export type { SensitiveNames } from './sensitive-names.ts';
export { type TraceHttpOptions, traceHttp } from './trace-http.ts';
export { type SqlClient, type SqlOperation, type TraceSqlOptions, traceSql } from './trace-sql.ts';
