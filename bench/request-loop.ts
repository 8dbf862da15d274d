// A child process of `measureEmbedded()`: sends requests to the app without a network, and reports processor time.
// Arguments: names of the exporters of all signals.
import process, { cpuUsage } from 'node:process';
import { readSettings } from '../packages/opentelemetry-instrument/src/settings/index.ts';
import { startViewer } from '../packages/opentelemetry-viewer/src/start-viewer.ts';
import { loadRuntime } from '../runtimes/index.ts';
import { createProgram } from '../src/program.ts';
import { appVariables } from '../src/settings/index.ts';

const names = process.argv.slice(2);
const variable = { DATABASE_URL: ':memory:', RATE_LIMIT: '0' };
const exporters = { traces: names, metrics: names, logs: names };
const viewer = names.includes('viewer') ? await startViewer({ port: 0 }) : undefined;
const program = await createProgram(
  { ...readSettings({ variable }, appVariables), exporters },
  await loadRuntime(),
  () => {},
  viewer,
);

// A request a turn of the event loop, as from a network.
async function run(count: number): Promise<number> {
  const before = cpuUsage();
  for (let i = 0; i < count; i++) {
    await (await program.fetch(new Request('http://localhost/'), {})).text();
    await new Promise(setImmediate);
  }
  const { user, system } = cpuUsage(before);
  return (user + system) / count;
}

process.on('message', async (count: number) => process.send?.(await run(count)));
process.send?.('ready');
