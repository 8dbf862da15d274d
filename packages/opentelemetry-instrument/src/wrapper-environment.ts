import process from 'node:process';
import type { Environment } from './settings/index.ts';

/** Names of the variables that flags of the wrapper have set, for the preload module in the program. */
const FLAGS = 'OPENTELEMETRY_INSTRUMENT_FLAGS';
/** Process id of the wrapper, if it waits for the program. */
const WRAPPER = 'OPENTELEMETRY_INSTRUMENT_PID';

const CHECK_INTERVAL_MS = 1_000;

/** Returns the variables that name the flags in the environment of the program. */
export function rememberFlags(flags: Environment): Environment {
  return { [FLAGS]: Object.keys(flags).join(',') };
}

/** Returns the variable that names this process in the environment of the program. */
export function rememberWrapper(): Environment {
  return { [WRAPPER]: String(process.pid) };
}

/** Separates the variables that flags of the wrapper have set, so that messages name the flags. */
export function splitEnvironment(env: Environment): { flag: Environment; variable: Environment } {
  const { [FLAGS]: names = '', [WRAPPER]: _, ...variable } = env;
  const flag: Environment = {};
  for (const name of names.split(',').filter((each) => each in variable)) {
    flag[name] = variable[name];
    delete variable[name];
  }
  return { flag, variable };
}

/** Ends this process by SIGTERM when the wrapper that waits for it no longer exists. */
export function endWithWrapper(env: Environment): void {
  const pid = Number(env[WRAPPER]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // Deno may lack the permission.
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') process.kill(process.pid, 'SIGTERM');
    }
  }, CHECK_INTERVAL_MS).unref();
}
