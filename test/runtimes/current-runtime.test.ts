import { expect, test } from 'vitest';
import { loadRuntime } from '../../runtimes/index.ts';
import { testRuntime } from '../contracts/runtime.ts';
import { testTracedServer } from '../contracts/traced-server.ts';
import { currentRuntime } from '../support/app-command.ts';

testRuntime(`the ${currentRuntime} adapter`, loadRuntime);

testTracedServer(`traceHttp() under the ${currentRuntime} adapter`, async (fetch) => {
  const runtime = await loadRuntime();
  const server = await runtime.serve(fetch, { hostname: '127.0.0.1', port: 0 });
  return { port: server.port, close: () => server.close(0) };
});

test('loadRuntime() knows name and version', async () => {
  const names = { node: 'nodejs', bun: 'bun', deno: 'deno' };
  const runtime = await loadRuntime();
  expect(runtime.name).toBe(names[currentRuntime]);
  expect(runtime.version).toMatch(/^\d+\.\d+\.\d+/);
});
