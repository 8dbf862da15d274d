// `npm run bench:preload`: milliseconds that a preload module adds to the start of an empty server. The
// modules are ours, as it is published, and @opentelemetry/sdk-node. A start is from spawn to the first
// complete response.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { buildPackages } from '../release/build-packages.ts';
import { readManifest } from '../release/packages.ts';
import { readCount } from '../script-arguments.ts';
import { RUNTIME_NAMES, type RuntimeName, root } from '../test/support/app-command.ts';
import { startCountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { startServer } from './server.ts';
import { summarize } from './statistics.ts';

const rounds = readCount('rounds', 20);
const COMMANDS: Readonly<Record<RuntimeName, string>> = {
  node: 'node',
  bun: 'bun',
  deno: 'deno run -A',
};

const project = createProject();
const collector = await startCountingCollector();
const env = {
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
};
const modules = {
  'opentelemetry-instrument': join(
    project,
    'node_modules/opentelemetry-instrument/dist/register.js',
  ),
  'sdk-node': join(root, 'bench/peers/preload-sdk-node.mjs'),
};

try {
  for (const runtime of RUNTIME_NAMES) await measure(runtime);
} finally {
  collector.close();
  rmSync(project, { recursive: true });
}

/** Builds the packages, and returns a folder in which they are installed. */
function createProject(): string {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/bench-preload-'));
  buildPackages((each) => join(folder, 'node_modules', readManifest(each.folder).name));
  for (const name of ['@opentelemetry', 'yaml']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  cpSync(join(root, 'bench/empty-server.mjs'), join(folder, 'server.mjs'));
  return folder;
}

async function measure(runtime: RuntimeName): Promise<void> {
  const plain: number[] = [];
  const added = Object.entries(modules).map(([name, module]) => ({
    name,
    module,
    millis: [] as number[],
  }));
  await start(runtime);
  for (const { module } of added) await start(runtime, module);
  for (let round = 0; round < rounds; round++) {
    const without = await start(runtime);
    plain.push(without);
    for (const { module, millis } of added) millis.push((await start(runtime, module)) - without);
  }
  const format = (values: readonly number[]) => {
    const { median, lower, upper } = summarize(values);
    return `${median.toFixed(0)} ms (${lower.toFixed(0)} to ${upper.toFixed(0)})`;
  };
  const differences = added.map(({ name, millis }) => `${name} adds ${format(millis)}`).join(', ');
  stdout.write(`${runtime}, ${rounds} rounds: plain ${format(plain)}, ${differences}\n`);
}

/** Returns the milliseconds of a start. */
async function start(runtime: RuntimeName, module?: string): Promise<number> {
  const flag = runtime === 'node' ? '--import' : '--preload';
  const preload = module === undefined ? '' : `${flag} ${module}`;
  const binary = join(root, 'node_modules/.bin', COMMANDS[runtime]);
  const command = `cd ${project} && exec ${binary} ${preload} server.mjs`;
  const startedAt = performance.now();
  const server = await startServer({ command, env });
  await sendRequests(server.port, 1);
  const millis = performance.now() - startedAt;
  const messages = await server.stop();
  if (messages.length > 0) throw new Error(`${runtime}, ${module}: ${messages.join('\n')}`);
  return millis;
}
