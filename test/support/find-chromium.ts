import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Finds this machine's Chromium: `CHROMIUM_PATH`, or one of the usual names in `PATH`. */
export function findChromium(): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : inPath;
  // Checks the version: on some systems the name belongs to a script that prints install instructions.
  return candidates.find((path) => spawnSync(path, ['--version']).status === 0);
}
