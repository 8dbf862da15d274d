import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../../support/app-command.ts';
import { runApp, spawnApp } from '../../support/spawned-app.ts';

const npm = findInPath('npm', () => true);
const skipped = npm === undefined || currentRuntime !== 'node';

describe.skipIf(skipped)('npm start (needs npm, runs on Node only)', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('passes %s on to the app', async (signal) => {
    await using app = await spawnApp({ command: 'exec npm start -- --port 0' });
    const [, pid] = /process (\d+)/.exec(app.stderr) ?? [];
    expect(Number(pid)).not.toBe(app.pid);
    await app.stop(signal);
    expect(app.stderr).toContain('Traces to ');
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  test.each([
    ['npm start -p 5400', 'npm start -- -p <number>'],
    ['npm run doctor --otlp', 'npm run doctor -- --otlp'],
  ])('explains forgotten hyphens: %s', async (command, advice) => {
    const { code, stderr } = await runApp({ command: `exec ${command}` });
    expect(code).toBe(2);
    expect(stderr).toContain('npm keeps flags for itself; put them after two hyphens: ');
    expect(stderr).toContain(advice);
  });

  const old = findInPath('node', (node) => {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
    return Number(/^v(\d+)/.exec(version)?.[1]) < 22;
  });
  test.skipIf(!old)('explains an old Node (skipped if there is none in PATH)', () => {
    const { status, stderr } = spawnSync(old ?? '', ['src/start.js'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^The sources need Node 22\.18 or newer, but this is Node [\d.]+\. .*\n$/,
    );
  });
});

function findInPath(name: string, isWanted: (path: string) => boolean): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return paths.find((path) => {
    try {
      execFileSync(path, ['--version']);
      return isWanted(path);
    } catch {
      return false;
    }
  });
}
