import { createRequire } from 'node:module';
import process from 'node:process';
import { errorCode } from '../error-code.ts';

const MODULE = 'hono-opentelemetry/fetch';

/** The part of the module that is used here. */
interface FetchModule {
  traceFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
}

/**
 * Replaces the global `fetch()` by one that creates spans, with the copy of hono-opentelemetry that the program has.
 *
 * A dependency of this package would be another copy, whose functions do not know those of the program.
 * @returns a function that restores the previous `fetch()`
 */
export function instrumentFetch(notify: (message: string) => void): () => void {
  let module: FetchModule;
  try {
    module = createRequire(process.argv[1] ?? `${process.cwd()}/`)(MODULE);
  } catch (error) {
    const problem = `${MODULE} cannot be loaded (${errorCode(error)})`;
    notify(`fetch() creates no spans: ${problem}; install hono-opentelemetry in the program`);
    return () => {};
  }
  const original = globalThis.fetch;
  const traced = module.traceFetch(original);
  globalThis.fetch = traced;
  return () => {
    if (globalThis.fetch === traced) globalThis.fetch = original;
  };
}
