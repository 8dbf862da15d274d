import type { TraceFetchOptions } from './options.ts';
import { traceFetch } from './trace-fetch.ts';

/**
 * Replaces `globalThis.fetch` by a traced one, so that libraries that call it are traced as well.
 *
 * Do not combine it with another instrumentation of `fetch()`, such as the one for undici: each call
 * would get two spans.
 *
 * @returns a function that restores the previous `fetch`. If other code has replaced it since, the traced
 * one stays in place and only passes calls on.
 * @example
 * ```ts
 * import { instrumentGlobalFetch } from 'hono-opentelemetry/fetch';
 *
 * const restore = instrumentGlobalFetch();
 * await fetch('data:text/plain,milk');
 * restore();
 * ```
 */
export function instrumentGlobalFetch(options: TraceFetchOptions = {}): () => void {
  const original = globalThis.fetch;
  const { exclude } = options;
  let isActive = true;
  const traced = traceFetch(original, {
    ...options,
    exclude: (url) => !isActive || exclude?.(url) === true,
  });
  globalThis.fetch = traced;

  return function restore() {
    isActive = false;
    if (globalThis.fetch === traced) globalThis.fetch = original;
  };
}
