export type * from './runtime.ts';

import { getRuntimeKey } from 'hono/adapter';
import type { Runtime } from './runtime.ts';

/** Runtimes by Hono's key, which is also the name of the file. */
export const runtimes: Record<string, () => Promise<{ createRuntime(): Runtime }>> = {
  node: () => import('./node.ts'),
  bun: () => import('./bun.ts'),
  deno: () => import('./deno.ts'),
  // Its file is named after the platform. A Worker does not load it from here: src/worker.ts is its entry point.
  workerd: () => import('./workers.ts'),
};

/** Loads the adapter of the current runtime. @throws Error if there is none */
export async function loadRuntime(): Promise<Runtime> {
  const key = getRuntimeKey();
  const load = runtimes[key];
  if (load === undefined) {
    throw new Error(
      `The runtime "${key}" is not supported; use one of ${Object.keys(runtimes).join(', ')}.`,
    );
  }
  const { createRuntime } = await load();
  return createRuntime();
}
