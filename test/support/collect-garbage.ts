import { versions } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(isSync: boolean): void } };

/** Collects all garbage; undefined on Deno, where a program cannot ask for that. */
export const collectGarbage: (() => void) | undefined = Bun
  ? () => Bun.gc(true)
  : (gc ?? exposeGc());

/** Returns Node's garbage collector. */
function exposeGc(): (() => void) | undefined {
  if (versions.deno !== undefined) return undefined;
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
