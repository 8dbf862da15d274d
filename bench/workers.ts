// `npm run report:workers`: the size of the bundle that Wrangler uploads, and the CPU time of its start.
//   --size   the size only
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { readArguments } from '../script-arguments.ts';

/** The parts of a CPU profile that are read. Times are in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const { values: options } = readArguments({ options: { size: { type: 'boolean' } } });
const folder = mkdtempSync(join(tmpdir(), 'worker-'));

function wrangler(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('npx', ['wrangler', ...args], {
    encoding: 'utf8',
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
  });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(1);
}

function reportSize(): void {
  wrangler('deploy', '--dry-run', '--outdir', folder);
  const script = readFileSync(join(folder, 'worker.js'), 'utf8');
  const imports = [...script.matchAll(/\bfrom ?"(node:[^"]+)"/g)].map(([, specifier]) => specifier);
  const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
  process.stdout.write(
    `bundle: ${kilobytes(Buffer.byteLength(script))}, gzip: ${kilobytes(gzipSync(script).length)}
modules of Node: ${[...new Set(imports)].join(', ')}
`,
  );
}

function reportStart(): void {
  const file = join(folder, 'start.cpuprofile');
  wrangler('check', 'startup', '--outfile', file);
  const { nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readFileSync(file, 'utf8'));
  const idle = nodes.find(({ callFrame }) => callFrame.functionName === '(idle)')?.id;
  const busy = timeDeltas.filter((_, index) => samples[index] !== idle);
  const millis = busy.reduce((sum, micros) => sum + micros, 0) / 1_000;
  process.stdout.write(`CPU time of the start on this machine: ${millis.toFixed(0)} ms\n`);
}

reportSize();
if (!options.size) reportStart();
rmSync(folder, { recursive: true });
