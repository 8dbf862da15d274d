import { execFileSync } from 'node:child_process';
import { execPath } from 'node:process';
import { root } from './app-command.ts';

/** Makes dist/node.js, as `npm run build` does, or `file` out of another entry. Runs on Node. */
export function buildBundle(input = 'src/index.ts', file = 'dist/node.js'): void {
  execFileSync(execPath, ['build.ts', input, file], { cwd: root, stdio: 'pipe' });
}
