import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBlocks, splitCommands } from '../docs/page.ts';
import { currentRuntime, root } from '../support/app-command.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { type DeployedCollector, startDeployedCollector } from '../support/collector-deployed.ts';
import { type FakeJaeger, startFakeJaeger } from '../support/fake-jaeger.ts';
import { installedPath } from '../support/installed-path.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const PAGE = 'docs/collector.md';

const reason =
  currentRuntime === 'node'
    ? collectorIsMissing
    : 'each command names its runtime: they are run once, on Node';
if (reason) test(PAGE, ({ skip }) => skip(reason));
else describe(PAGE, testCommands);

function testCommands(): void {
  const temporary = useTemporaryDirectory();
  let jaeger: FakeJaeger;
  let collector: DeployedCollector;
  /** The last app that was started on port 5000. */
  let app: SpawnedApp | undefined;

  beforeAll(async () => {
    await getCollector();
    jaeger = await startFakeJaeger();
    collector = await startDeployedCollector(jaeger.otlp.url);
  }, COLLECTOR_BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await collector[Symbol.asyncDispose]();
    await jaeger[Symbol.asyncDispose]();
  });

  /** Adapts ports and a file in a command to the test. */
  function adapt(command: string): string {
    const { urls } = collector;
    const flags = `--collector ${urls.http} --collector-grpc ${urls.grpc} --jaeger ${jaeger.url}`;
    return command
      .replaceAll('output.log', join(temporary.path, 'output.log'))
      .replaceAll('localhost:4317', new URL(urls.grpc).host)
      .replaceAll('localhost:16686', new URL(jaeger.url).host)
      .replaceAll('localhost:5000', app?.url ?? 'nothing is running')
      .replace(/-p \d+/, '-p 0')
      .replace(/^curl /, 'curl --fail --silent --show-error ')
      .replace(/test:stack$/, `$& -- ${flags}`);
  }

  async function start(command: string): Promise<void> {
    const started = await spawnApp({
      command: adapt(command),
      env: {
        PATH: installedPath,
        PORT: '0',
        OTEL_BSP_SCHEDULE_DELAY: '100',
        ...(command.includes('--otlp') && { OTEL_EXPORTER_OTLP_ENDPOINT: collector.urls.http }),
      },
    });
    if (!command.includes(' -p ')) app = started;
    const before = jaeger.otlp.spans.length;
    expect((await fetch(started.url)).status).toBe(200);
    if (!command.includes('--otlp')) return;
    await jaeger.otlp.waitFor(({ spans }) => spans.length > before);
    const [, runtime] = /npx (bun|deno)/.exec(command) ?? [];
    const name = jaeger.otlp.spans.at(-1)?.resource['process.runtime.name'];
    expect(name).toBe(runtime ?? 'nodejs');
    if (command.includes('http/dup')) {
      const urls = jaeger.otlp.spans.map(({ attributes }) => attributes['http.url']);
      expect(urls).toContain(`${started.url}/`);
    }
  }

  /** Runs a command. Not by spawnSync(): its server runs in this process. */
  function run(command: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
    const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.urls.http };
    const options = { cwd: root, env: { ...env, ...asked, PATH: installedPath } };
    return new Promise((resolve) => {
      execFile('bash', ['-c', adapt(command)], options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  const blocks = readBlocks(PAGE).filter(({ language }) => language === 'sh');
  const commands = blocks.flatMap((block) =>
    splitCommands(block).map((command) => ({ command, notRun: block.notRun })),
  );
  for (const { command, notRun } of commands) {
    test(command, { timeout: 120_000 }, async ({ skip }) => {
      if (notRun !== undefined) skip(notRun);
      if (/^(npm start|npx (bun|deno|node) |OTEL_)/.test(command)) {
        await start(command);
      } else if (command === 'curl localhost:4317') {
        const { stderr } = await run(command);
        expect(stderr).toContain('Received HTTP/0.9 when not allowed');
      } else {
        let result = await run(command);
        // What it looks for may not have been written yet.
        for (let i = 0; i < 50 && command.startsWith('grep') && result.code !== 0; i += 1) {
          await sleep(100);
          result = await run(command);
        }
        const { code, stdout, stderr } = result;
        expect(code, stdout + stderr).toBe(0);
        if (command.includes('/api/v3')) expect(stdout).toMatch(/todo|SELECT tasks/);
      }
    });
  }
}
