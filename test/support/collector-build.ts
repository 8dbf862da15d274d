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
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './app-command.ts';

const manifest = fileURLToPath(new URL('collector-manifest.yaml', import.meta.url));
const text = readFileSync(manifest, 'utf8');
const version = /^ {2}version: (\S+)$/m.exec(text)?.[1];
const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;

const folder = join(root, '.collector');
// Another manifest is another file.
const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
const binary = join(folder, hash);

/** Milliseconds that a build may take; a `beforeAll` that calls getCollector() needs them. */
export const COLLECTOR_BUILD_TIME = 900_000;

/** Why there is no Collector to test with. undefined: there is one, or it can be built. */
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
      // Whoever had the lock before may have built it.
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
    await promisify(execFile)('go', ['run', builder, `--config=${config}`], {
      cwd: output,
      env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
      maxBuffer: 2 ** 26,
    });
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
 * Several test files may ask at once, of several runs. The lock spares work only: two builds at once
 * would end with the same file, which is renamed to its place when it is whole.
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

/** Whether the process that took the lock still lives: a run may have been interrupted. */
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

/** Not console.log(), which Vitest keeps until the test has ended. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
