import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { currentRuntime, root, type SpawnOptions } from '../../support/app-command.ts';
import { buildBundle } from '../../support/build-bundle.ts';
import { runApp, type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const onNode = currentRuntime === 'node';

beforeAll(() => {
  if (onNode) buildBundle();
});

/** The first line of `deno task`, without colors. */
const BANNER = /^Task start .*\n/;
const env = { NO_COLOR: '1' };

const entries: [name: string, entry: NonNullable<SpawnOptions['entry']>, runs: boolean][] = [
  ['src/index.ts', 'source', true],
  ['dist/node.js (for Node alone)', 'bundle', onNode],
  ['deno task start (for Deno alone)', 'task', currentRuntime === 'deno'],
];

for (const [name, entry, runs] of entries) {
  describe.skipIf(!runs)(name, () => {
    let app: SpawnedApp;
    beforeAll(async () => {
      if (!runs) return;
      app = await spawnApp({
        entry,
        env,
        args: [
          '-p',
          '0',
          '--service_name',
          'to-do',
          '--traces_exporter=console',
          '--logs-exporter',
          'none',
        ],
      });
    });
    afterAll(() => app?.[Symbol.asyncDispose]());

    test('prints the runtime, the URL and the exporters in three lines on stderr', () => {
      const runtime = { node: 'Node.js', bun: 'Bun', deno: 'Deno' }[currentRuntime];
      expect(app.stderr.replace(BANNER, '').split('\n')).toEqual([
        expect.stringMatching(
          `^To-Do List ${manifest.version} on ${runtime} \\d.*, in-memory SQLite`,
        ),
        'Traces to stdout; metrics off; logs off',
        `Listening on ${app.url}`,
        '',
      ]);
      expect(app.stdout).toBe('');
    });

    test('accepts flags in every spelling, serves the page, and exits with 0 on SIGTERM', async () => {
      const response = await fetch(app.url);
      expect(await response.text()).toContain('<h1>To-Do List</h1>');
      const { code, stdout } = await app.stop();
      expect(code).toBe(0);
      expect(stdout).toContain('"name": "GET /"');
      expect(stdout).toContain('"service.name": "to-do"');
    });

    test.each([
      ['--help', /^Usage: .*--port <number>.*--traces_exporter/s],
      ['--version', new RegExp(`^${manifest.version}\n$`)],
    ])('%s prints to stdout and ends', async (flag, expected) => {
      const { code, stdout, stderr } = await runApp({ entry, env, args: [flag] });
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(expected) });
      expect(stderr.replace(BANNER, '')).toBe('');
    });
  });
}

describe.skipIf(!onNode)('dist/node.js (for Node alone)', () => {
  test('runs from an empty folder and creates tasks.db there', async () => {
    const copy = join(temporary.path, 'node.js');
    copyFileSync(join(root, 'dist/node.js'), copy);
    await using app = await spawnApp({
      entry: copy,
      cwd: temporary.path,
      env: { DATABASE_URL: '' },
    });
    expect(app.stderr).toContain('SQLite file tasks.db\n');
    const body = new URLSearchParams({ task: 'milk' });
    expect(await (await fetch(`${app.url}/add`, { method: 'POST', body })).text()).toContain(
      'milk',
    );
    expect(await app.stop()).toMatchObject({ code: 0 });
  });

  const old = onNode ? findOldNode() : undefined;
  test.skipIf(!old)(
    'reports the required version on an old Node (skipped if there is none in PATH)',
    () => {
      const { status, stdout, stderr } = spawnSync(old ?? '', ['dist/node.js'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(
        /^This program needs Node 22\.16 or newer, but this is Node [\d.]+: .*\.\n$/,
      );
    },
  );
});

/** Returns the path of a Node that is too old. */
function findOldNode(): string | undefined {
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return found.find((node) => {
    const [, major] =
      /^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
    return Number(major) < 22;
  });
}
