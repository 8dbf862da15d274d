import { context, propagation } from '@opentelemetry/api';
import type { FetchFunction } from './options.ts';

/**
 * Returns arguments of `fetch()` with headers that carry the active context. The caller's objects stay
 * as they are.
 * @returns undefined if no propagator is registered, or there is nothing to propagate
 */
export function injectHeaders([input, init, ...rest]: Parameters<FetchFunction>):
  | Parameters<FetchFunction>
  | undefined {
  const fields: Record<string, string> = {};
  propagation.inject(context.active(), fields);
  const names = Object.keys(fields);
  if (names.length === 0) return undefined;

  // A `Request`, or another object whose members are not its own, cannot be copied by spreading it.
  const isPlain = init === undefined || init === null || isPlainObject(init);
  const request = isPlain ? input : new Request(input, init);
  const given = (isPlain ? init?.headers : undefined) ?? headersOf(request);
  const headers = new Headers(given);
  for (const name of names) headers.set(name, fields[name] ?? '');
  // `app.request` also takes `env` and an execution context.
  return [request, { ...(isPlain && init), headers }, ...rest];
}

function headersOf(input: string | URL | Request): Headers | undefined {
  return input instanceof Request ? input.headers : undefined;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
