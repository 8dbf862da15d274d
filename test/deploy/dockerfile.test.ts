import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { buildBundle } from '../support/build-bundle.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../support/database-servers.ts';
import { installedPath } from '../support/installed-path.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { runApp, spawnApp } from '../support/spawned-app.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

/** The Dockerfile's images by their name, each with what it is made from and what it starts. */
const images = new Map(
  readRepositoryFile('deploy/Dockerfile')
    .split(/^(?=FROM )/m)
    .flatMap((text) => {
      const [, from = '', name] = /^FROM (\S+) AS (\S+)/.exec(text) ?? [];
      const entry: string[] = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(text)?.[1] ?? '[]');
      const user = /^USER (\S+)$/m.exec(text)?.[1];
      return name ? [[name, { from, entry, user }] as const] : [];
    }),
);

/** Returns the command of an image, with the folders of this machine. */
function commandOf(name: string, dataFolder: string): string {
  const entry = images.get(name)?.entry.join(' ') ?? '';
  return `exec ${entry}`.replaceAll('/app', join(root, 'dist')).replaceAll('/data', dataFolder);
}

if (currentRuntime === 'node') describe('the Dockerfile', testImages);
else test('the Dockerfile', ({ skip }) => skip('it names its runtimes: run once, on Node'));

function testImages(): void {
  const temporary = useTemporaryDirectory();
  beforeAll(() => buildBundle());

  test('the build stage has the manifests and the sources of all workspaces', () => {
    const dockerfile = readRepositoryFile('deploy/Dockerfile');
    const allowed = readRepositoryFile('deploy/Dockerfile.dockerignore').split('\n');
    const { packages } = JSON.parse(readRepositoryFile('package-lock.json'));
    const workspaces = Object.values<{ link?: boolean; resolved: string }>(packages)
      .filter(({ link }) => link)
      .map(({ resolved }) => resolved);
    expect(workspaces.length).toBeGreaterThan(3);
    for (const folder of workspaces) {
      expect(dockerfile).toContain(`COPY ${folder}/package.json ${folder}/\n`);
      expect(allowed).toContain(`!${folder.split('/')[0]}`);
    }
    const script = readRepositoryFile('build.ts');
    const modules = [...script.matchAll(/from '\.\/(.+)';/g)].map(([, file]) => `!${file}`);
    expect(modules).not.toEqual([]);
    expect(allowed).toEqual(expect.arrayContaining(['!build.ts', ...modules]));
  });

  test.each(['node', 'bun', 'deno'])('uses the %s of the tests', (name) => {
    const { devDependencies } = JSON.parse(readRepositoryFile('package.json'));
    expect(images.get(name)?.from).toContain(devDependencies[name]);
    expect(images.get('bundle')?.from).toBe(images.get('node')?.from);
  });

  test.each(['node', 'bun', 'deno'])(
    'starts the app on %s, which serves and writes to its database only',
    async (name) => {
      expect(images.get(name)?.user).toBe(name);
      const folder = join(temporary.path, name);
      mkdirSync(folder);
      await using app = await spawnApp({
        command: commandOf(name, folder),
        cwd: folder,
        env: {
          PATH: installedPath,
          PORT: '0',
          DATABASE_URL: `file:${folder}/tasks.db`,
          ...(name === 'deno' && { DENO_DIR: join(temporary.path, 'deno-dir') }),
        },
      });
      for (const path of ['/healthz', '/readyz', '/']) {
        expect((await fetch(app.url + path)).status).toBe(200);
      }
      const { code } = await app.stop();
      expect(code).toBe(0);
      expect(readdirSync(folder)).toEqual(['tasks.db']);
    },
  );

  describe('with PostgreSQL', () => {
    let postgres: PostgresServer | undefined;
    beforeAll(async () => {
      if (noPostgres === undefined) postgres = await startPostgres();
    });
    afterAll(async () => postgres?.stop());

    for (const name of ['node', 'bun', 'deno']) {
      test(`starts the app on ${name}`, async ({ skip }) => {
        if (postgres === undefined) return skip(noPostgres);
        await using app = await spawnApp({
          command: commandOf(name, temporary.path),
          cwd: temporary.path,
          env: {
            PATH: installedPath,
            PORT: '0',
            DATABASE_URL: await postgres.newDatabase(),
            ...(name === 'deno' && { DENO_DIR: join(temporary.path, 'deno-dir') }),
          },
        });
        for (const path of ['/readyz', '/']) {
          expect((await fetch(app.url + path)).status).toBe(200);
        }
        const { code, stderr } = await app.stop();
        expect(code).toBe(0);
        expect(stderr).toContain('PostgreSQL');
      });
    }
  });

  test('lets Deno write to /data and nowhere else', async () => {
    const { code, stderr } = await runApp({
      command: commandOf('deno', temporary.path),
      cwd: temporary.path,
      env: { PATH: installedPath, PORT: '0', DATABASE_URL: `file:${root}/elsewhere.db` },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/elsewhere\.db cannot be opened \(Requires read access/);
  });
}
