import { type Context, context, createContextKey } from '@opentelemetry/api';
import type { Context as HonoContext } from 'hono';
import { serverEnv } from './http/server-env.ts';

/** A request. Code that runs on its behalf finds it in the active context. */
export interface ActiveRequest {
  /** Undefined once `releaseRequest()` was called. */
  c: HonoContext | undefined;
  /** The object that the server made for the request it received. Undefined without a server. */
  readonly connection: object | undefined;
  /** Path template that is already matched when the request reaches the app of `c`. */
  readonly mountPath: string;
  readonly stats: RequestTotals | undefined;
  /** True for a request without telemetry. */
  readonly isExcluded?: true;
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

/** Middlewares of `traceHttp()`, which get no span of `tracedRouter()`. */
export const ownMiddleware: WeakSet<object> = new WeakSet();

const REQUEST = createContextKey('hono-opentelemetry: active');

/** Returns a context in which a request is active. */
export function setActiveRequest(parent: Context, request: ActiveRequest): Context {
  const isInner = parent.getValue(REQUEST) !== undefined;
  return isInner ? parent.setValue(REQUEST, request) : new LinkedContext(parent, REQUEST, request);
}

/**
 * Removes the reference to a request that has ended, on Deno. Deno keeps contexts, and all that they refer
 * to, until it collects the whole heap.
 */
export function releaseRequest(request: ActiveRequest): void {
  if (request.c && serverEnv(request.c).completed) request.c = undefined;
}

/** Returns the request that is active in a context, by default the current one. */
export function activeRequest(active: Context = context.active()): ActiveRequest | undefined {
  return active.getValue(REQUEST) as ActiveRequest | undefined;
}

/** Returns the exception behind the response of a request, if there is one. */
export function failureOf(
  c: HonoContext,
  { escaped, mountedFailure }: ActiveRequest,
): Failure | undefined {
  return escaped ?? (c.error && { thrown: c.error }) ?? mountedFailure;
}

/**
 * A context that adds a value to another one. Each key occurs once in such a chain. The contexts of the API
 * copy all values instead, which takes a microsecond per request.
 */
class LinkedContext implements Context {
  readonly #others: Context;
  readonly #key: symbol;
  readonly #value: unknown;

  constructor(others: Context, key: symbol, value: unknown) {
    this.#others = others;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#others.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    const others = this.getValue(key) === undefined ? this : this.deleteValue(key);
    return new LinkedContext(others, key, value);
  }

  deleteValue(key: symbol): Context {
    if (key === this.#key) return this.#others;
    return new LinkedContext(this.#others.deleteValue(key), this.#key, this.#value);
  }
}
