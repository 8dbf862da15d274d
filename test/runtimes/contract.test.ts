import { loadRuntime } from '../../runtimes/index.ts';
import { testRuntime } from '../contracts/runtime.ts';
import { testServerClose } from '../contracts/server-close.ts';
import { currentRuntime } from '../support/app-command.ts';

testRuntime(currentRuntime, loadRuntime);
testServerClose(
  currentRuntime,
  loadRuntime,
  currentRuntime === 'deno' ? 'Deno cuts nothing once a shutdown has begun' : undefined,
);
