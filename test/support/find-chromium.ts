import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of this machine's Chromium: `CHROMIUM_PATH`, or one of the usual names in `PATH`. */
export function findChromium(): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : inPath;
  // Asked for its version: on some systems the name is that of a script which says what to install.
  return candidates.find((path) => spawnSync(path, ['--version']).status === 0);
}
