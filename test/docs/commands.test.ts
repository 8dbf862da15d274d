import { exec, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { installedPath } from '../support/installed-path.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type Block, pages, readBlocks, splitCommands } from './page.ts';
import { type Program, startProgram } from './program.ts';
import { startViewerProgram, type ViewerProgram, WRAPPED_EXIT_CODE } from './viewer-program.ts';

const execute = promisify(exec);

/** Pages whose commands need more than an app and an OTLP endpoint, and the tests that run them. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/api.md': 'test/app/e2e/api-docs.test.ts',
  'docs/collector.md': 'test/deploy/walk.test.ts',
  'docs/talk/300/README.md': 'test/docs/talk.test.ts',
};
const INSTALLS = /^npm (?:install|ci|pkg set)\b/;
const STARTS_APP =
  /^(?:OTEL_|npm (?:-s )?start|npm run dev|node src|npx (?:bun|deno|node) )(?!.*doctor)/;
const STARTS_VIEWER = /^npx opentelemetry-viewer\b/;
const STARTS_PROGRAM = /^(?:npx opentelemetry-instrument .*)?\b(?:node|bun|deno run -A) app\.ts$/;
const RETRY_MS = 10_000;

let folder: string;
let sink: OtlpSink;

beforeAll(async () => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Inside the repository, where packages can be resolved.
  folder = mkdtempSync(join(root, 'dist/page-commands-'));
  sink = await startOtlpSink();
});
afterAll(async () => {
  await sink.close();
  rmSync(folder, { recursive: true });
});

test.each(Object.entries(RUN_ELSEWHERE))('commands of %s are run by %s', (page, file) => {
  expect(readRepositoryFile(file)).toContain(page);
});

for (const page of pages) {
  if (page in RUN_ELSEWHERE) continue;
  const blocks = readBlocks(page);
  if (blocks.some(({ language }) => language === 'sh')) describe(page, () => testPage(blocks));
}

function testPage(blocks: readonly Block[]): void {
  /** The app and the reader's own program, as the commands above left them running. */
  let app: SpawnedApp | undefined;
  let program: Program | undefined;
  let viewer: ViewerProgram | undefined;
  /** The last program above a command. */
  let source = '';

  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await program?.stop();
    await viewer?.stop();
  });

  /** Returns the command with the ports, the collector and the file of this test. */
  function adapt(command: string): string {
    return (
      command
        .replaceAll('output.log', join(folder, 'output.log'))
        .replaceAll('http://localhost:4318', sink.url)
        .replaceAll('localhost:5000', app?.url ?? 'nothing is running')
        .replaceAll('localhost:3000', program?.url ?? 'nothing is running')
        .replaceAll(
          'localhost:16686',
          viewer === undefined ? 'localhost:16686' : new URL(viewer.url).host,
        )
        .replace(/-p \d+/, '-p 0')
        .replace('--viewer auto', '--viewer 0')
        // The demonstration of a slow query needs a file.
        .replace('--demo', `--demo --database file:${join(folder, 'tasks.db')}`)
        .replace(/^curl /, 'curl --fail --silent --show-error ')
    );
  }

  async function startApp(command: string): Promise<void> {
    await app?.[Symbol.asyncDispose]();
    const sendsOtlp = /--otlp|OTLP_ENDPOINT=http/.test(command);
    app = await spawnApp({
      command: adapt(command),
      env: {
        PATH: installedPath,
        PORT: '0',
        OTEL_BSP_SCHEDULE_DELAY: '100',
        ...(command.includes('--otlp') && { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url }),
      },
    });
    const spansBefore = sink.spans.length;
    const response = await fetch(app.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('To-Do List');
    if (sendsOtlp) await sink.waitFor(({ spans }) => spans.length > spansBefore);
  }

  async function startViewer(command: string): Promise<void> {
    await viewer?.stop();
    viewer = await startViewerProgram(command, join(folder, 'runs.db'));
    if (command.includes(' -- ')) {
      expect(await viewer.exitCode).toBe(WRAPPED_EXIT_CODE);
      expect(viewer.stdout).toMatch(/^http:\/\/localhost:\d+\n$/);
    } else {
      expect((await fetch(viewer.url)).status).toBe(200);
    }
  }

  /** Runs a command to its end. Repeats it while its output is missing, since spans are written later. */
  async function run(command: string): Promise<void> {
    if (command.includes('localhost:5000') && app === undefined) await startApp('npm start');
    const printsNothing = /^npm run build|\/add$|-o \/dev\/null/.test(command);
    let result: unknown;
    for (const deadline = Date.now() + RETRY_MS; Date.now() < deadline; ) {
      // Not execSync(): the sink responds from this process.
      result = await execute(adapt(command), {
        cwd: root,
        env: { ...env, PATH: installedPath, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
        timeout: 60_000,
      }).catch((error) => error);
      const { code = 0, stdout } = result as { code?: number; stdout: string };
      if (code === 0 && (printsNothing || stdout !== '')) return;
    }
    throw new Error(`${command}: ${JSON.stringify(result)}`);
  }

  for (const block of blocks) {
    if (block.language === 'ts' && /^import /m.test(block.code)) source = block.code;
    if (block.language !== 'sh') continue;
    const above = source;
    for (const command of splitCommands(block)) {
      test(command, { timeout: 60_000 }, async ({ skip }) => {
        if (block.notRun !== undefined) skip(block.notRun);
        if (INSTALLS.test(command)) skip('the tests run on what is installed; test/pack installs');
        const [tool = ''] = command.split(' ');
        if (['curl', 'grep', 'jq'].includes(tool)) {
          skip(spawnSync(tool, ['--version']).error !== undefined, `${tool} is not installed`);
        }
        if (STARTS_PROGRAM.test(command)) {
          await program?.stop();
          const endpoint = command.includes('--otlp') && { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
          program = await startProgram(folder, command, above, endpoint || {});
          if (!program.isServer) expect(await program.exitCode).toBe(0);
        } else if (STARTS_VIEWER.test(command)) await startViewer(command);
        else if (STARTS_APP.test(command)) await startApp(command);
        else {
          await run(command);
          const [, traceId] = /traceparent: 00-(\w+)/.exec(command) ?? [];
          if (traceId !== undefined && command.includes('localhost:3000')) {
            await waitUntil(
              () => program?.output.includes(traceId) ?? false,
              RETRY_MS,
              () => `no trace ${traceId} in ${program?.output}`,
            );
          }
        }
      });
    }
  }
}
