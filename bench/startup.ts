// `npm run bench:startup`: milliseconds from spawn to the first whole answer, for dist/node.js with
// all three signals over OTLP against the plain app in a bundle of the same kind.
import { spawnSync } from 'node:child_process';
import { argv, execPath, stdout, version } from 'node:process';
import { root } from '../test/support/app-command.ts';
import { startCountingCollector } from './counting-collector.ts';
import { sendRequests } from './load.ts';
import { startServer } from './server.ts';
import { summarize } from './statistics.ts';

const rounds = Number(argv[2] ?? 30);
for (const args of [[], ['bench/plain.ts', 'dist/plain.js']]) {
  spawnSync(execPath, ['build.ts', ...args], { cwd: root, stdio: 'inherit' });
}

async function start(entry: string, args: readonly string[]): Promise<number> {
  collector.reset();
  const startedAt = performance.now();
  const server = await startServer({
    entry,
    args,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  await sendRequests(server.port, 1);
  const millis = performance.now() - startedAt;
  await server.stop();
  return millis;
}

const collector = await startCountingCollector();
const plain: number[] = [];
const traced: number[] = [];
for (let round = 0; round < rounds; round++) {
  plain.push(await start('dist/plain.js', []));
  traced.push(await start('dist/node.js', ['--otlp']));
  // Exported at the end: the request's span and the statement's.
  if (collector.spans !== 2) throw new Error(`${collector.spans} spans came, not 2.`);
}
collector.close();

const describe = (name: string, values: readonly number[]) => {
  const { median, lower, upper } = summarize(values);
  return `${name}: ${median.toFixed(0)} ms (quartiles ${lower.toFixed(0)} to ${upper.toFixed(0)})`;
};
const ratio = summarize(traced).median / summarize(plain).median;
stdout.write(
  `Node ${version}, ${rounds} starts each, alternated\n` +
    `${describe('plain', plain)}\n${describe('OTLP on', traced)}\n` +
    `OTLP on / plain: ${ratio.toFixed(2)} (goal: at most 1.3)\n`,
);
