import type { Environment, Sources } from './sources.ts';

/** Makes the environment say what flags and `.env` file do, for libraries that read it themselves. */
export function publishSettings(env: Environment, sources: Sources): void {
  Object.assign(env, sources['.env'], sources.variable, sources.flag);
}
