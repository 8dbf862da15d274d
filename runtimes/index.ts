export type * from './runtime.ts';

import { getRuntimeKey } from 'hono/adapter';
import type { Runtime } from './runtime.ts';

/** Runtimes by Hono's key for them, which is also the file's name. */
export const runtimes: Record<string, () => Promise<{ createRuntime(): Runtime }>> = {
  node: () => import('./node.ts'),
  bun: () => import('./bun.ts'),
  deno: () => import('./deno.ts'),
};

/** The adapter of the runtime that this program runs on. Throws where there is none. */
export async function loadRuntime(): Promise<Runtime> {
  const key = getRuntimeKey();
  const load = runtimes[key];
  if (load === undefined) {
    throw new Error(
      `No adapter for the runtime "${key}"; there is one for each of ${Object.keys(runtimes).join(', ')}.`,
    );
  }
  const { createRuntime } = await load();
  return createRuntime();
}
