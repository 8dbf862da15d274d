import { type Context, context, createContextKey } from '@opentelemetry/api';

/** What a request has taken until now. */
export interface RequestSoFar {
  readonly milliseconds: number;
  /** SQL statements that `traceSql()` has seen, those that are under way included. */
  readonly statements: number;
}

interface Counter {
  readonly startTime: number;
  statements: number;
}

const COUNTER = createContextKey('hono-opentelemetry: the request so far');

/** A context in which a request is counted from now on. */
export function countRequest(parent: Context): Context {
  return parent.setValue(COUNTER, { startTime: performance.now(), statements: 0 });
}

export function countStatement(): void {
  const counter = activeCounter();
  if (counter !== undefined) counter.statements += 1;
}

/**
 * What the request that is being handled has taken until now, to be shown with its answer; whether
 * it is sampled or not.
 * @returns undefined outside of a request, and where `traceHttp()` does not have `exposeTrace`
 */
export function requestSoFar(): RequestSoFar | undefined {
  const counter = activeCounter();
  if (counter === undefined) return undefined;
  const { startTime, statements } = counter;
  return { milliseconds: performance.now() - startTime, statements };
}

function activeCounter(): Counter | undefined {
  return context.active().getValue(COUNTER) as Counter | undefined;
}
