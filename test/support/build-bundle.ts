import { execFileSync } from 'node:child_process';
import { execPath } from 'node:process';
import { root } from './app-command.ts';

/** Makes dist/node.js, as `npm run build` does. Runs on Node. */
export function buildBundle(): void {
  execFileSync(execPath, ['build.ts'], { cwd: root, stdio: 'pipe' });
}
