import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Go compiles Kubernetes for minutes on a machine that has none of its modules yet. */
const TIMEOUT_MS = 900_000;

type Command = readonly [program: string, ...args: string[]];

/** The folder of something that a test needs and this machine can install, or the reason why it cannot. */
export type InstallResult = { readonly folder: string } | { readonly problem: string };

/** Installs Python packages in a virtual environment. Its `bin/python` works, its other scripts do not. */
export function installPython(packages: readonly string[]): InstallResult {
  return installOnce('python', packages.join(), (folder) => [
    ['python3', '-m', 'venv', '.'],
    [join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', ...packages],
  ]);
}

/**
 * Installs something into a folder of its own, once for each key. The folder must bear to be renamed.
 * @param commandsFor returns the commands that install it, which run in the folder
 */
export function installOnce(
  name: string,
  key: string,
  commandsFor: (folder: string) => readonly Command[],
): InstallResult {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const parent = join(tmpdir(), 'opentelemetry-tests');
  const folder = join(parent, `${name}-${hash}`);
  if (existsSync(folder)) return { folder };
  mkdirSync(parent, { recursive: true });
  // Two runs may install the same at once. The one that finishes last gives way.
  const temporary = mkdtempSync(`${folder}-`);
  try {
    for (const [program, ...args] of commandsFor(temporary)) {
      const { status, stderr, error } = spawnSync(program, args, {
        cwd: temporary,
        env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
      });
      if (status === 0) continue;
      const reason = (error?.message ?? stderr ?? '').trim().split('\n').at(-1);
      return { problem: `${name} cannot be installed: ${program}: ${reason}` };
    }
    if (!existsSync(folder)) renameSync(temporary, folder);
    return { folder };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
