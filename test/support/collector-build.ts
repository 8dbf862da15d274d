import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const manifest = fileURLToPath(new URL('collector-manifest.yaml', import.meta.url));
const text = readFileSync(manifest, 'utf8');
const version = /^ {2}version: (\S+)$/m.exec(text)?.[1];
const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;

const folder = join(tmpdir(), 'opentelemetry-tests');
// Another manifest is another file.
const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
const binary = join(folder, `collector-${hash}`);

/** Time limit of a build, for a `beforeAll` that calls getCollector(). */
export const COLLECTOR_BUILD_TIMEOUT_MS = 900_000;

/** Reason why there is no Collector to test with; undefined if it exists or can be built. */
export const collectorIsMissing: string | undefined =
  process.env.OTELCOL_BIN || existsSync(binary) || spawnSync('go', ['version']).status === 0
    ? undefined
    : 'there is no Go to build a Collector with, and OTELCOL_BIN does not name one';

/**
 * Finds the Collector of `OTELCOL_BIN`, or builds one from collector-manifest.yaml, once: about three
 * minutes on a machine that has none of its modules yet.
 * @returns the path of the program
 */
export async function getCollector(): Promise<string> {
  if (process.env.OTELCOL_BIN) return process.env.OTELCOL_BIN;
  mkdirSync(folder, { recursive: true });
  while (!existsSync(binary)) {
    if (!takeLock()) {
      await sleep(500);
      continue;
    }
    try {
      // The previous owner of the lock may have built it.
      if (!existsSync(binary)) await build();
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return binary;
}

async function build(): Promise<void> {
  const startedAt = performance.now();
  say(`Building an OpenTelemetry Collector ${version} for the tests, once. It takes some minutes.`);
  const output = mkdtempSync(join(folder, 'build-'));
  const config = join(output, 'manifest.yaml');
  // Its place is not part of the manifest: it is different on each machine.
  writeFileSync(config, text.replace('\ndist:\n', `\ndist:\n  output_path: ${output}\n`));
  try {
    const building = promisify(execFile)('go', ['run', builder, `--config=${config}`], {
      cwd: output,
      env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
      maxBuffer: 2 ** 26,
    });
    // Tests that run meanwhile come first.
    if (building.child.pid !== undefined) setPriority(building.child.pid, 10);
    await building;
    renameSync(join(output, 'otelcol'), binary);
  } catch (cause) {
    const remedy = 'set OTELCOL_BIN to a Collector with the parts of collector-manifest.yaml';
    throw new Error(`The Collector could not be built; ${remedy}.`, { cause });
  } finally {
    rmSync(output, { recursive: true });
  }
  say(`Built it in ${Math.round((performance.now() - startedAt) / 1_000)} s: ${binary}`);
}

const lock = `${binary}.lock`;

/**
 * Takes the lock of the build. Several test files and runs may build at once. The lock only saves
 * work: each build renames the same complete file to its place.
 */
function takeLock(): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isHeld()) rmSync(lock, { force: true });
    return false;
  }
}

/** Returns whether the owner of the lock still runs: a run may have been interrupted. */
function isHeld(): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Not written yet: it was made a moment ago.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Prints a sentence. Not by console.log(), which Vitest buffers until the test has ended. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
