import { loadRuntime } from '../../runtimes/index.ts';
import { testRuntime } from '../contracts/runtime.ts';
import { testServerClose } from '../contracts/server-close.ts';
import { type MissingLimits, testServerLimits } from '../contracts/server-limits.ts';
import { currentRuntime } from '../support/app-command.ts';

testRuntime(currentRuntime, loadRuntime);
testServerClose(
  currentRuntime,
  loadRuntime,
  currentRuntime === 'deno' ? 'Deno cuts nothing once a shutdown has begun' : undefined,
);
const missing: Partial<Record<typeof currentRuntime, MissingLimits>> = {
  bun: {
    refusesPipelines: 'Bun closes a connection whose handler is busy when another request comes',
  },
  deno: { cutsNothing: 'Deno.serve() cuts no client: put a proxy before it' },
};
testServerLimits(currentRuntime, loadRuntime, missing[currentRuntime]);
