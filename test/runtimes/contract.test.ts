import { loadRuntime } from '../../runtimes/index.ts';
import { testRuntime } from '../contracts/runtime.ts';
import { currentRuntime } from '../support/app-command.ts';

testRuntime(
  currentRuntime,
  loadRuntime,
  currentRuntime === 'deno' ? 'Deno cuts nothing once a shutdown has begun' : undefined,
);
