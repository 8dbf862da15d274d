import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { runApp, spawnApp } from '../support/spawned-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('start', () => {
  test('the program says in three lines on stderr where it listens and where signals go', async () => {
    await using app = await spawnApp();
    const lines = app.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^To-Do List \d+\.\d+\.\d+ on (nodejs|bun|deno) \d+/);
    expect(lines[1]).toBe('Traces to stderr; metrics to nowhere; logs to stderr');
    expect(lines[2]).toBe(`Listening on ${app.url}`);
    expect(app.stdout).toBe('');
  });

  test.each([
    ['--traces_exporter', 'none', '--logs_exporter', 'none'],
    ['--traces-exporter=none', '--logs-exporter=none'],
  ])('the program takes %s %s', async (...args) => {
    await using app = await spawnApp({ args });
    expect(app.stderr).toContain('Traces to nowhere');
  });

  test('flags beat the environment', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'console' };
    await using app = await spawnApp({ env, args: ['--traces_exporter', 'none'] });
    expect(app.stderr).toContain('Traces to nowhere');
  });

  test('--help and --version print on stdout and end with 0', async () => {
    const help = await runApp({ args: ['--help'] });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--port <number>');
    const version = await runApp({ args: ['--version'] });
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('bad input ends the start with one sentence', () => {
  test.each([
    [
      'an unknown flag',
      { args: ['--trace_exporter', 'x'] },
      2,
      /--trace_exporter: did you mean --traces_exporter\?/,
    ],
    ['a flag without its value', { args: ['--port'] }, 2, /--port needs a value/],
    ['a port that is none', { args: ['-p', '70000'] }, 2, /PORT is "70000"/],
    [
      'a proxy that is no address',
      { env: { TRUSTED_PROXIES: '10.0.0.0/99' } },
      2,
      /10\.0\.0\.0\/99/,
    ],
    [
      'gRPC',
      { args: ['--otlp'], env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } },
      2,
      /OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"/,
    ],
    [
      'another database',
      { env: { DATABASE_URL: 'mysql://u:secret@h/d' } },
      1,
      /scheme mysql:.*file:tasks\.db/,
    ],
    [
      'a missing directory',
      { env: { DATABASE_URL: 'file:/no/such/dir/tasks.db' } },
      1,
      /no directory \/no\/such\/dir/,
    ],
    [
      'an address of another machine',
      { args: ['--host', '192.0.2.1'] },
      1,
      /Cannot listen on 192\.0\.2\.1/,
    ],
  ])('%s', async (_, options, code, sentence) => {
    const exit = await runApp(options);
    expect(exit.stderr).toMatch(sentence);
    expect(exit.stderr).not.toContain('secret');
    expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(exit).toMatchObject({ code, stdout: '' });
  });

  test('a port that is taken', async () => {
    await using app = await spawnApp();
    const { port } = new URL(app.url);
    const exit = await runApp({ args: ['-p', port] });
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port}`) });
    expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a database that is newer than the program', async () => {
    const file = join(folder, 'newer.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const exit = await runApp({ env: { DATABASE_URL: `file:${file}` } });
    expect(exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/version 99.*newer program/),
    });
  });
});

describe.runIf(currentRuntime === 'node')('dist/node.js (built and run on Node only)', () => {
  beforeAll(() => {
    const build = spawnSync(process.execPath, ['build.ts'], { cwd: root, encoding: 'utf8' });
    expect(build).toMatchObject({ status: 0 });
    mkdirSync(join(folder, 'alone'));
    copyFileSync(join(root, 'dist/node.js'), join(folder, 'alone/node.js'));
  });

  test('the bundle needs nothing beside it', async () => {
    await using app = await spawnApp({ entry: join(folder, 'alone/node.js') });
    expect(await (await fetch(app.url)).text()).toContain('To-Do List');
    expect(app.stderr).not.toMatch(/warning/i);
    await app.waitFor(({ stderr }) => stderr.includes('SELECT tasks'));
  });

  const old = [
    '/usr/bin/node',
    '/usr/local/bin/node',
    ...(process.env.PATH ?? '').split(':').map((path) => join(path, 'node')),
  ]
    .filter((path) => existsSync(path))
    .find((path) =>
      /^v(1\d|20|21)\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout),
    );
  test.skipIf(old === undefined)(
    `the bundle says which Node it needs on an older one${old ? '' : ' (skipped: this machine has none)'}`,
    () => {
      const { status, stderr } = spawnSync(old ?? '', [join(folder, 'alone/node.js')], {
        encoding: 'utf8',
      });
      expect(stderr).toMatch(
        /^This program needs Node 22\.16 or newer, and this is Node \d+\.\d+\.\d+: .*\n$/,
      );
      expect(status).toBe(1);
    },
  );
});

test.runIf(currentRuntime === 'deno')(
  '`deno task start` runs the program (on Deno only)',
  async () => {
    await using app = await spawnApp({ entry: 'task' });
    expect(await (await fetch(app.url)).text()).toContain('To-Do List');
    expect(await app.stop()).toMatchObject({ code: 0 });
  },
);
