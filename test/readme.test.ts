import { exec, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from './support/app-command.ts';
import { type OtlpSink, startOtlpSink } from './support/otlp-sink.ts';
import { installedPath, readmeCommands } from './support/readme.ts';
import { type SpawnedApp, spawnApp } from './support/spawned-app.ts';

const execute = promisify(exec);

/** Commands that are not run here, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm install': 'it would change the packages that the tests run on',
  'npm install --omit=dev': 'it would remove the packages that the tests run on',
  'npm test': 'it is what runs this test',
  'npm run check': 'it runs npm test',
};

if (currentRuntime === 'node') describe('README', testCommands);
else
  test('README', ({ skip }) => skip('each command names its runtime: they are run once, on Node'));

function testCommands(): void {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  let sink: OtlpSink;
  /** The program as the last command left it running, for the commands that follow. */
  let app: SpawnedApp | undefined;

  beforeAll(async () => {
    sink = await startOtlpSink();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await sink.close();
    rmSync(folder, { recursive: true });
  });

  /** The command as written, but for a port, a Collector and a file of the test's own. */
  function adapt(command: string): string {
    return command
      .replaceAll('output.log', join(folder, 'output.log'))
      .replaceAll('http://localhost:4318', sink.url)
      .replaceAll('localhost:5000', app?.url ?? 'nothing is running')
      .replace(/-p \d+/, '-p 0')
      .replace(/^curl /, 'curl --fail --silent --show-error ');
  }

  async function start(command: string): Promise<void> {
    await app?.[Symbol.asyncDispose]();
    const sendsOtlp = /--otlp|OTLP_ENDPOINT=http/.test(command);
    const endpoint = command.includes('--otlp') && { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    app = await spawnApp({
      command: adapt(command),
      env: { PATH: installedPath, PORT: '0', OTEL_BSP_SCHEDULE_DELAY: '100', ...endpoint },
    });
    const spansBefore = sink.spans.length;
    const response = await fetch(app.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('To-Do List');
    if (sendsOtlp) await sink.waitFor(({ spans }) => spans.length > spansBefore);
  }

  /** Runs a command to its end, again while the span that it looks for has not been written yet. */
  async function run(command: string, printsNothing: boolean): Promise<void> {
    let result: unknown;
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
      // Not spawnSync(), under which the sink could not answer.
      result = await execute(adapt(command), {
        cwd: root,
        env: { ...env, PATH: installedPath, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      }).catch((error) => error);
      const { code = 0, stdout } = result as { code?: number; stdout: string };
      if (code === 0 && (printsNothing || stdout !== '')) return;
    }
    throw new Error(`${command}: ${JSON.stringify(result)}`);
  }

  const commands = readmeCommands();

  test('what is not run stands there', () => {
    expect(commands).toEqual(expect.arrayContaining(Object.keys(NOT_RUN)));
  });

  for (const command of commands) {
    test(command, { timeout: 60_000 }, async ({ skip }) => {
      const reason = NOT_RUN[command];
      if (reason !== undefined) skip(reason);
      const [program = ''] = command.split(' ');
      if (['curl', 'grep', 'jq'].includes(program)) {
        skip(spawnSync(program, ['--version']).error !== undefined, `there is no ${program} here`);
        await run(command, command.includes('/add'));
      } else if (command.includes('doctor')) {
        await run(command, false);
      } else if (command.startsWith('npm run build')) {
        // Under `npm --silent test` the npm within is silent, too.
        await run(command, true);
      } else {
        await start(command);
      }
    });
  }
}
