import { spawnSync } from 'node:child_process';
import { execPath } from 'node:process';
import { root } from '../test/support/app-command.ts';

/**
 * Makes one file of an entry, as `npm run build` does of `source`, which is src/index.ts.
 * @returns its path from the repository's root
 */
export function bundle(entry: string): string {
  const input = entry === 'source' ? 'src/index.ts' : entry;
  const file = entry === 'source' ? 'dist/node.js' : `dist/${entry.replace(/\.ts$/, '.js')}`;
  const { status } = spawnSync(execPath, ['build.ts', input, file], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${entry} cannot be bundled.`);
  return file;
}
