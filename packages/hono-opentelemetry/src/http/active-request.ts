import { type Context, context, createContextKey } from '@opentelemetry/api';
import type { Context as HonoContext } from 'hono';

/** A traced request. Code that runs on its behalf finds it in the active context. */
export interface ActiveRequest {
  readonly c: HonoContext;
  /** Path template that is already matched when the request reaches the app of `c`. */
  readonly mountPath: string;
  readonly stats: RequestTotals | undefined;
  /** Route that a traced app mounted below has matched. */
  mountedRoute?: string | undefined;
  /** Exception that a traced app mounted below has turned into a response. */
  mountedFailure?: Failure | undefined;
  /** Exception that Hono has not turned into a response, at least not yet. */
  escaped?: Failure | undefined;
}

/** An exception, which can be any value, undefined included. */
export interface Failure {
  readonly thrown: unknown;
}

/** Running totals of one request. */
export interface RequestTotals {
  readonly startTime: number;
  statements: number;
}

const REQUEST = createContextKey('hono-opentelemetry: the active request');

/** Returns a context in which a request is active. */
export function setActiveRequest(parent: Context, request: ActiveRequest): Context {
  return new RequestContext(parent, request);
}

/** Returns the request that is active in the current context. */
export function activeRequest(): ActiveRequest | undefined {
  return context.active().getValue(REQUEST) as ActiveRequest | undefined;
}

/** Returns the exception behind the response of a request, if there is one. */
export function failureOf({ c, escaped, mountedFailure }: ActiveRequest): Failure | undefined {
  return escaped ?? (c.error && { thrown: c.error }) ?? mountedFailure;
}

/** A context that adds a request without copying all other values, which costs a microsecond. */
class RequestContext implements Context {
  readonly #values: Context;
  readonly #request: unknown;

  constructor(values: Context, request: unknown) {
    this.#values = values;
    this.#request = request;
  }

  getValue(key: symbol): unknown {
    return key === REQUEST ? this.#request : this.#values.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === REQUEST) return new RequestContext(this.#values, value);
    return new RequestContext(this.#values.setValue(key, value), this.#request);
  }

  deleteValue(key: symbol): Context {
    if (key === REQUEST) return this.#values;
    return new RequestContext(this.#values.deleteValue(key), this.#request);
  }
}
