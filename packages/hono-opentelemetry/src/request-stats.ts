import { activeRequest, type RequestStats } from './http/active-request.ts';

/** What a request has taken until now. */
export interface RequestSoFar {
  readonly milliseconds: number;
  /** SQL statements that `traceSql()` has seen, those that are under way included. */
  readonly statements: number;
}

export function startRequestStats(): RequestStats {
  return { startTime: performance.now(), statements: 0 };
}

export function countStatement(): void {
  const stats = activeRequest()?.stats;
  if (stats !== undefined) stats.statements += 1;
}

/**
 * What the request that is being handled has taken until now, to be shown with its answer; whether
 * it is sampled or not.
 * @returns undefined outside of a request, and where `traceHttp()` does not have `exposeTrace`
 */
export function requestSoFar(): RequestSoFar | undefined {
  const stats = activeRequest()?.stats;
  if (stats === undefined) return undefined;
  return { milliseconds: performance.now() - stats.startTime, statements: stats.statements };
}
